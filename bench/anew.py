"""The service as a web application that computes everything anew: it remembers no summaries either."""

import importlib
from typing import Any

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

summaries: Any = importlib.import_module("commitments.summaries")
remembering: Any = importlib.import_module("record.remembering")
summaries.THEMES = remembering.Remembered(most=0)
summaries.EVERYTHING = remembering.Remembered(most=0)
summaries.OWNERS = {owner: remembering.Remembered(most=0) for owner in summaries.OWNERS}
