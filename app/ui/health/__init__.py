"""How it stands: what is ready, how each account is, where everything lies."""
