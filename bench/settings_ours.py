"""The service's own settings; with `BENCH_ANEW` it keeps no answers, and `bench.anew` lets it remember nothing else."""

import os

from config.settings import *

if "BENCH_ANEW" in os.environ:
    KEPT_ANSWERS_BYTES = 0
