"""Config: where things lie, what the owner set, what must stay secret; no feature lives here."""
