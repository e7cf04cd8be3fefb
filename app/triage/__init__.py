"""ROOM. What a message means: who wrote it, what about, how bad, which issue, in what order."""
