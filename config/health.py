"""Whether the service is alive, ready, and well: for supervisors, balancers and a check from outside.

`live/`: the process answers. `ready/`: it reaches its database. The page itself: nothing that should have happened in
the background is missing; 503 with a reason for each thing that is. How much waits tells how many follow something, so
only who has `HEALTH_KEY` sees it in production.
"""

from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare

from notifications import pulse
from record import clock

SECONDS = 5.0
_taken: list[tuple[float, pulse.Pulse]] = []


def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the process runs; no database is asked."""
    return _answer({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the process reaches its database."""
    return _answer({"status": "ok"} if _has_database() else _unreachable())


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503 with the reasons."""
    if not _has_database():
        return _answer(_unreachable())
    found = _pulse()
    said: dict[str, Any] = {
        "status": "failing" if found.reasons else "ok",
        "reasons": found.reasons,
        "beats": found.beats,
        "signed": found.signed,
    }
    return _answer(said | ({"queues": found.queues} if _may_see(request) else {}))


def _pulse() -> pulse.Pulse:
    """Taken once in a few seconds, however often somebody asks."""
    if _taken and monotonic() - _taken[0][0] < SECONDS:
        return _taken[0][1]
    found = pulse.taken(clock.now())
    _taken[:] = [(monotonic(), found)]
    return found


def forget() -> None:
    """Take it anew when somebody asks next."""
    _taken.clear()


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def _unreachable() -> dict[str, Any]:
    return {"status": "failing", "reasons": [{"code": "database_unreachable"}]}


def _may_see(request: HttpRequest) -> bool:
    if not settings.HEALTH_KEY:
        return not settings.IN_PRODUCTION
    return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.HEALTH_KEY}")


def _answer(said: dict[str, Any]) -> JsonResponse:
    status = 200 if said["status"] == "ok" else 503
    return JsonResponse(said, status=status, headers={"Cache-Control": "no-store"})
