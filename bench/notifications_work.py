"""What the processes of `bench.notifications` do: fill, fan out, compose, send, and take mails in."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connection

from accounts import actions
from accounts.models import Role, User
from notifications import fanout
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.dispatching import dispatch
from notifications.models import Delivery
from record import clock

TOPIC = "organisation:bench-{}"
FOLLOWERS = """
    INSERT INTO notifications_follower
      (id, channel, address, user_id, confirmed_at, cadence, zone, language, paused, next_at, key, created_at{more})
    SELECT gen_random_uuid(), 'mail', 'f' || n || '@example.org', NULL, now(), 'at_once', 'Europe/London', 'en', false,
      NULL, 'key', now(){values} FROM generate_series(1, %s) AS n
"""
FOLLOWS = """
    INSERT INTO notifications_follow (id, follower_id, topic, search_id, kinds, confirmed_at, created_at)
    SELECT gen_random_uuid(), id, %s, NULL, '', now(), now()
    FROM (SELECT id FROM notifications_follower ORDER BY address LIMIT %s) AS these
"""


def main(work: str, *given: str) -> None:
    """Do one of them: `python -m bench.door notifications_work WORK …`."""
    works: dict[str, Callable[..., None]] = {"fill": fill, "fan": fan, "send": send, "sink": sink}
    works[work](*given)


def fill(most: str, *sizes: str) -> None:
    """So many followers; of the first body one, of the others as many as is said, and who may publish bodies."""
    user = User.objects.create_user("bench@example.org")
    actions.grant_role(user, Role.CONVENOR, assembly="bench-2026")
    with connection.cursor() as cursor:
        more, values = _columns_besides(cursor)
        cursor.execute(FOLLOWERS.format(more=more, values=values), [int(most)])
        for size in sizes:
            cursor.execute(FOLLOWS, [TOPIC.format(size), int(size)])
        cursor.execute("ANALYZE")
    fanout.fan_out()


def _columns_besides(cursor: Any) -> tuple[str, str]:
    """What later migrations added and must not be null: blank."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'notifications_follower' "
        "AND is_nullable = 'NO' AND column_default IS NULL AND data_type LIKE 'character%'"
    )
    named = {"channel", "address", "cadence", "zone", "language", "key"}
    rest = sorted({row[0] for row in cursor.fetchall()} - named)
    return "".join(f", {name}" for name in rest), ", ''" * len(rest)


def fan(file: str, size: str) -> None:
    """Publish a body that so many follow, and fan that one event out: seconds and memory."""
    user = User.objects.get(email="bench@example.org")
    actions.publish_organisation(f"bench-{size}", by=user, today=clock.today(), name="A body", kind="other")
    before, already = _peak(), Delivery.objects.count()
    began = time.perf_counter()
    fanout.fan_out()
    fanned = time.perf_counter()
    peak, made = _peak(), Delivery.objects.count() - already
    composed = compose(clock.now())
    said = {
        "deliveries": made, "seconds": fanned - began, "before": before, "peak": peak,
        "messages": composed, "composing": time.perf_counter() - fanned,
    }  # fmt: skip
    Path(file).write_text(json.dumps(said))


def _peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def send(file: str, begin: str, seconds: str) -> None:
    """Send from a moment on, for so many seconds; how many mails."""
    channel, sent = Mail(), 0
    time.sleep(max(0.0, float(begin) - time.time()))
    while time.time() < float(begin) + float(seconds):
        sent += dispatch(channel, clock.now())
    took = time.time() - float(begin)
    Path(file).write_text(json.dumps({"sent": sent, "seconds": took}))


class _Taken:
    """A mail server that takes everything and keeps nothing."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take it."""
        return "250 taken"


def sink(port: str) -> None:
    """Until standard input ends."""
    server = Controller(_Taken(), hostname="127.0.0.1", port=int(port))
    server.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()
    os._exit(0)
