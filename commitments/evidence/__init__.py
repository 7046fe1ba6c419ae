"""Evidence files: what is taken, how it is made clean, and where it is kept."""
