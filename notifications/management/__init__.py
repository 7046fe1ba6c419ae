"""Doors that an operator opens from a shell."""
