"""Invented life for the demonstration: a year and a half, made by the actions alone, marked on every object."""

from commitments.demonstration.playing import DAYS, ROLES, make

__all__ = ["DAYS", "ROLES", "make"]
