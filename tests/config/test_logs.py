"""Logs say what happened and never who, what was asked for, or what was typed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import logs

ADDRESS = "/a-private-reference/?token=a-private-token"


def breaks(_request: HttpRequest, words: str) -> HttpResponse:
    """Fail, with what was asked for in the message."""
    raise ValueError(f"cannot find {words}")


def answers(_request: HttpRequest, words: str) -> HttpResponse:
    """Answer."""
    return HttpResponse(words)


urlpatterns = [path("broken/<str:words>/", breaks), path("<str:words>/", answers)]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The logs as production writes them."""
    logs.configure(level="DEBUG", as_json=True)
    buffer = io.StringIO()
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    handler.setStream(buffer)
    yield buffer
    logs.configure(level="WARNING", as_json=False)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_one_line_with_the_route_and_not_the_address(
    written: io.StringIO,
) -> None:
    Client().get(ADDRESS, headers={"authorization": "Bearer a-private-key"})
    (line,) = [line for line in lines(written) if line["event"] == "request"]
    assert line["route"] == "<str:words>/"
    assert line["status"] == 200
    assert line["method"] == "GET"
    assert "private" not in json.dumps(line)


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_says_where_and_of_what_kind_and_nothing_that_was_sent(
    written: io.StringIO,
) -> None:
    answer = Client(raise_request_exception=False).get(f"/broken{ADDRESS}")
    assert answer.status_code == 500
    found = lines(written)
    assert any(
        "ValueError" in str(line.get("exception")) and __name__.split(".")[-1] in str(line) for line in found
    )
    assert "private" not in json.dumps(found)


def test_fields_that_are_not_listed_are_dropped(written: io.StringIO) -> None:
    structlog.stdlib.get_logger("trial").info("counted", count=3, email="someone@example.org", score=5)
    logging.getLogger("trial").warning("plain", extra={"email": "someone@example.org"})
    first, second = lines(written)
    assert set(first) == {"event", "count", "level", "logger", "timestamp"}
    assert set(second) == {"event", "level", "logger", "timestamp"}


def test_what_strangers_make_django_say_is_muted(written: io.StringIO) -> None:
    Client(headers={"host": "a-private-host"}).get("/health/")
    assert "private" not in written.getvalue()
