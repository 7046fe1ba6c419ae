"""The ground floor: what happened, in order, never changed."""
