"""ROOM. Replies: templates, what fills them, and what must not go out."""
