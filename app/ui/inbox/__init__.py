"""The list: views with their counts, the issues of one view in order, and the search."""
