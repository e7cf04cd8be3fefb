"""The numbers: how quickly, how well, and how it was before."""
