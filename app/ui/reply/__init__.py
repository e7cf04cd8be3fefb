"""The reply: a template, the holes that are left in it, and the way out with an undo."""
