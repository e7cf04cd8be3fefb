"""QT. The window, one of the two desks: it reads the profile, asks the engine, writes nothing."""
