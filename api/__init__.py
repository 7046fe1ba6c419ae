"""HTTP for machines, and only that."""
