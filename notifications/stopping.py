"""That this process is about to end: who works through a batch looks here between two things."""

import threading

STOPPING = threading.Event()
