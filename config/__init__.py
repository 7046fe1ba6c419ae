"""Settings, URLs and server entry points."""
