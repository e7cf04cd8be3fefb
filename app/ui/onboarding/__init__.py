"""The first page: from an address and a password to a mailbox that is read."""
