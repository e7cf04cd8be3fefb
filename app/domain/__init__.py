"""GROUND. What the trade talks about: frozen values and pure functions, standard library only."""
