"""Workers are killed while they deliver to a real mail server and to receivers that fail: nothing is lost.

python -m tests.crash runs it on each database.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from commitments.models import Commitment
from notifications import calling, fanout, reading
from notifications.models import Call, Delivery, Message, MessageState
from tests import make
from tests.crash import sink, working
from tests.crash.appending import say
from tests.notifications.following import follower
from tests.notifications.receiving import endpoint

RECEIVERS, WORKERS = 10, 2
OURS = "follower"
MOST_AT_A_TIME = 50
"""A worker is killed after up to so many more mails and calls came, so always at work."""
SECONDS_TO_WORK, SECONDS_TO_END = 5.0, 300.0


def main(folder: str, mail_port: str, kills: str, deliveries: str, people: str) -> int:
    """So many kills during so many deliveries to so many people and endpoints; AssertionError if one is lost."""
    each, entries = int(people), int(deliveries) // (2 * int(people))
    began = time.monotonic()
    words = [sys.executable, "-m", "tests.crash.sink", folder, mail_port, str(RECEIVERS)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ports: list[int] = json.loads(server.stdout.readline())
        commitment = _prepared(ports, each)
        _rounds(commitment, Path(folder), int(kills), entries)
        assert server.stdin is not None
        server.stdin.close()
    report = f"{connection.vendor}: {kills} kills of workers; {_counted(Path(folder), each * entries)}"
    say(f"{report} {time.monotonic() - began:.0f} s.")
    return 0


def _prepared(ports: list[int], people: int) -> Commitment:
    """A promise that everybody follows; what was recorded before is read."""
    call_command("migrate", verbosity=0)
    commitment = make.commitment()
    call_command("tick")
    for number in range(people):
        follower(f"{OURS}{number}@example.org", commitment.record_subject)
    for number in range(people):
        address = f"http://127.0.0.1:{ports[number % len(ports)]}/{number}"
        endpoint(address, topics=[commitment.record_subject])
    fanout.fan_out()
    calling.fan_out()
    Delivery.objects.all().delete()
    Call.objects.all().delete()
    return commitment


def _rounds(commitment: Commitment, folder: Path, kills: int, entries: int) -> None:
    """Write, let them work, kill one; then let them end."""
    random, written = Random(7), 0
    running = [working.begun() for _ in range(WORKERS)]
    try:
        for number in range(kills):
            wanted = 1 + ((entries - 1) * number) // max(1, kills - 1)
            for _ in range(wanted - written):
                make.update(commitment)
            written = wanted
            _let_them_work(folder, random.randint(1, MOST_AT_A_TIME))
            working.kill(running.pop(random.randrange(len(running))))
            running.append(working.begun())
        say(
            f"  {written} entries, {kills} kills, {_size(folder)} mails and calls; now all that is left goes out"
        )
        _wait(SECONDS_TO_END, lambda: not _is_anything_left())
        assert not _is_anything_left(), "Some wait still."
        while running:
            working.stop(running.pop())
    finally:
        for pid in running:
            working.kill(pid)


def _let_them_work(folder: Path, number: int) -> None:
    """Until so many more have come, but for some seconds at most."""
    before = _size(folder)
    _wait(SECONDS_TO_WORK, lambda: _size(folder) >= before + number)


def _wait(seconds: float, is_enough: Callable[[], bool]) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not is_enough():
        time.sleep(0.02)


def _size(folder: Path) -> int:
    return len(_lines(folder / "mails")) + len(_lines(folder / "calls"))


def _is_anything_left() -> bool:
    return (
        reading.is_behind(fanout.NAME)
        or reading.is_behind(calling.NAME)
        or Delivery.objects.filter(message=None).exists()
        or _messages().filter(state=MessageState.WAITING).exists()
        or Call.objects.filter(state=MessageState.WAITING).exists()
    )


def _messages() -> QuerySet[Message]:
    """Those to who follows; offices have post of their own, which waits for the morning."""
    return Message.objects.filter(follower__address__startswith=OURS)


def _counted(folder: Path, wanted: int) -> str:
    """What came, held against what should have come: so many deliveries by mail, and as many calls."""
    mails, calls = _lines(folder / "mails"), _lines(folder / "calls")
    mails = [one for one in mails if one[1].startswith(OURS)]
    messages = _check_mails(mails, wanted)
    told = _check_calls(calls, wanted)
    taken = [one for one in calls if one[3] != sink.REFUSED]
    late = sum(one[3] == sink.TOO_LATE for one in calls)
    return (
        f"{2 * wanted} deliveries, none lost. {messages} mails came {len(mails)} times "
        f"({_share(len(mails) - messages, messages)} twice); {told} calls were taken {len(taken)} times "
        f"({_share(len(taken) - told, told)} twice; {late} of {len(calls)} answers were late, "
        f"{len(calls) - len(taken)} were failures); what came twice came under one id."
    )


def _check_mails(mails: list[list[str]], wanted: int) -> int:
    """Each follower has each entry in one message, and each message arrived, at its own address alone."""
    pairs = Delivery.objects.values_list("follower", "position")
    assert len(set(pairs)) == len(pairs) == wanted, "A delivery is missing, or there twice."
    ended = Counter(_messages().values_list("state", "error"))
    assert {state for state, _ in ended} == {MessageState.SENT}, f"Not all messages were sent: {ended}"
    sent = dict(_messages().values_list("pk", "follower__address"))
    assert set(Delivery.objects.values_list("message", flat=True)) == set(sent), "A message was not sent."
    arrived = {(name.partition("@")[0], address) for name, address in mails}
    assert arrived == {(str(pk), address) for pk, address in sent.items()}, (
        "A mail is lost, or has two names."
    )
    return len(sent)


def _check_calls(calls: list[list[str]], wanted: int) -> int:
    """Each endpoint has each entry, under one id however often it came."""
    assert not Call.objects.exclude(state=MessageState.SENT).exists(), "A call was given up."
    rows = Call.objects.values_list("pk", "endpoint__address", "position")
    made = {(f"msg_{pk.hex}", "/" + where.rpartition("/")[2], str(at)) for pk, where, at in rows}
    assert len(made) == wanted, "A call is missing, or there twice."
    taken = {(name, path, at) for name, path, at, what in calls if what != sink.REFUSED}
    assert taken == made, f"{len(made - taken)} calls are lost, or one has two ids."
    assert max(Counter((path, at) for _, path, at in taken).values()) == 1
    return len(made)


def _share(some: int, of: int) -> str:
    return f"{some / of:.1%}" if of else "0 %"


def _lines(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text("utf-8").splitlines()] if file.exists() else []
