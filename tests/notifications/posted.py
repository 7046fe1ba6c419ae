"""The post of offices for tests: rounds at moments, and what was sent."""

import re
from datetime import date, datetime, time
from typing import Any

from django.core import mail

from accounts.models import User
from notifications import post, reminding
from notifications.channels.post import Post
from notifications.rounds import send_all
from record import clock
from record.clock import LONDON
from tests.make import days

DAY = re.compile(r"[A-Z][a-z]+day, ([0-9]+ [A-Z][a-z]+ [0-9]{4})")


def morning(on: date, hour: int = 8) -> datetime:
    """An hour of a day in London."""
    return datetime.combine(on, time(hour), tzinfo=LONDON)


def round_at(moment: datetime, to: User | None = None) -> list[Any]:
    """What the post of offices sends at a moment, beside lists for convenors; or all that it sends to one person."""
    with clock.at(moment):
        before = len(mail.outbox)
        reminding.remind(moment)
        post.compose(moment)
        send_all(Post())
        sent = list(mail.outbox[before:])
    return [one for one in sent if (one.to == [to.email] if to else "weekly list" not in one.subject)]


def rounds(first: int, last: int) -> list[tuple[int, str]]:
    """The lines that were sent on the mornings of days counted from the usual one, each with its day."""
    found = []
    for number in range(first, last + 1):
        for sent in round_at(morning(days(number))):
            found += [(number, line) for line in lines(sent)]
    return found


def lines(sent: Any) -> list[str]:
    """What a mail lists, each with the day that stands over it."""
    found, over = [], ""
    for line in str(sent.body).splitlines():
        day = DAY.fullmatch(line)
        over = f"{day[1]}: " if day else over
        found += [over + line[2:]] if line.startswith("- ") else []
    return found
