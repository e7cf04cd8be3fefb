"""The issue: what it is, why it stands where it stands, what was said, and what goes out."""
