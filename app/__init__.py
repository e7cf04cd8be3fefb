"""Frontburner: the problems of an online shop's mail, in the order in which they matter."""

__version__ = "0.1.0"
