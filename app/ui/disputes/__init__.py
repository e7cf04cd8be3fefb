"""Disputes: the page that lists them, and the part of an issue that shows one. Qt."""
