"""The settings: a plain list, and the accounts with how they are."""
