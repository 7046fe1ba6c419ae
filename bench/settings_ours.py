"""The service's own settings; `BENCH_KEPT_BYTES=0` makes it compute every answer anew."""

import os

from config.settings import *

KEPT_ANSWERS_BYTES = int(os.environ.get("BENCH_KEPT_BYTES", str(32 * 1024 * 1024)))
