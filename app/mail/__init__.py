"""ROOM. Mail: from the bytes on a server to a Message, and from an answer to a server's 250."""
