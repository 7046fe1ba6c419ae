"""What waits, for whom, since when and by which rule: one entry for each kind of waiting thing."""
