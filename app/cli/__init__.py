"""The second desk: everything that the window does, as commands with stable forms."""
