"""Logs: fields on an allow-list, and nothing that a person typed, asked for or rated."""

import logging
import logging.config
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

# What may be written. The route is the pattern ("commitments/<ref>/"), never the address that was asked for: no
# query string, no reference, no body, no client address, no person.
FIELDS = frozenset(
    {
        "timestamp",
        "level",
        "logger",
        "event",
        "exception",
        "method",
        "route",
        "status",
        "milliseconds",
        "job",
        "count",
    }
)
# These put into their sentences what a stranger sent.
MUTED = ("django.security", "django.template")

_log = structlog.stdlib.get_logger("requests")


def allowed_only(
    _logger: Any, _method: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop every field that is not on the list."""
    return {name: value for name, value in fields.items() if name in FIELDS}


def without_address(
    _logger: Any, _method: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Django names the address of a failed request in its sentence: ours says only that one failed."""
    if fields.get("logger") == "django.request":
        fields["event"] = "request failed"
    return fields


def frames_only(_logger: Any, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say where an exception came from and its kind, not its message: databases quote people's data in theirs."""
    info = fields.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = "".join(traceback.format_tb(error.__traceback__))
        fields["exception"] = f"{frames}{type(error).__qualname__}"
    return fields


def configure(*, level: str, as_json: bool) -> None:
    """Send the logs of Django and our own through the allow-list to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    finish = [without_address, frames_only, allowed_only, last]
    logging.config.dictConfig(_for_standard_library(shared, finish, level))


def _for_standard_library(shared: list[Any], finish: list[Any], level: str) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": finish,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"fields": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "fields"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": "CRITICAL"} for name in MUTED}
        # A line for each job that begins and ends would hide the others.
        | {"django.request": {"level": "ERROR"}, "procrastinate": {"level": "WARNING"}},
    }


class RequestLog:
    """One line a request: method, route, status and time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then write the line."""
        started = time.perf_counter()
        response = self.get_response(request)
        write = _log.error if response.status_code >= 500 else _log.info
        write(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000),
        )
        return response
