"""Who follows what, and how each change of the record reaches them."""
