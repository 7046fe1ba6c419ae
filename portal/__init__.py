"""HTML for people, and only that."""
