"""ROOM. What is promised to a customer, by when, and whether it was kept."""
