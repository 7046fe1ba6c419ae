"""What stands where words are held, hidden or erased; the record's own words say which of the three it is."""

PLACEHOLDERS = {
    "held": "[held: hidden while a case is live]",
    "hidden": "[hidden by the convenor]",
    "redacted": "[redacted]",
}
ADDRESSES = {name: f"https://{name}.invalid/" for name in PLACEHOLDERS}
"""In the place of addresses, so that what takes addresses takes it; nothing is ever there (RFC 2606)."""

STAND_INS = frozenset([*PLACEHOLDERS.values(), *ADDRESSES.values()])
