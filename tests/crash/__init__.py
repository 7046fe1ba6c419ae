"""Processes are killed while they write, and databases while they are written to: what was acknowledged stays."""
