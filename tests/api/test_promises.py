"""Every route under /api/v1/ promises what it takes, and takes what it promises."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from api import urls
from api.http.views import Machine

METHODS = ("get", "post", "put", "patch", "delete")


def views(patterns: Any = urls.urlpatterns) -> Iterator[tuple[str, type[Any]]]:
    """Every route and its view class."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
            yield str(pattern.pattern), pattern.callback.cls


@pytest.mark.parametrize(("route", "view"), list(views()) or [("", Machine)])
def test_a_view_promises_each_method_that_it_takes(route: str, view: type[Any]) -> None:
    if not issubclass(view, Machine):
        pytest.skip("not a resource: the schema and its reference")
    takes = {
        method.upper() for method in METHODS if method in view.http_method_names and hasattr(view, method)
    }
    assert set(view.promises()) == takes, route
