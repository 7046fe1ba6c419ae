"""Everything public in one file, to keep, to check and to begin anew from."""
