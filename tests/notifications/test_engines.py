"""What calls the jobs: one process at a time, each job when it is due, and none ends the others."""

import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from notifications import engines, jobs
from notifications.jobs import Job
from notifications.models import Beat, Call, Message, MessageState, Turn
from record import clock
from record.models import Entry
from tests import make
from tests.notifications.following import follower

NOW = make.noon(make.TODAY)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of jobs as they run; `bad` falls."""
    found: list[str] = []

    def running(name: str) -> Callable[[], None]:
        def run() -> None:
            found.append(name)
            if name == "bad":
                raise ZeroDivisionError("with something private in it")

        return run

    made = (
        Job("bad", jobs.NEWS, running("bad"), timedelta(hours=1)),
        Job("good", jobs.NEWS, running("good"), timedelta(hours=1)),
        Job("wanted", jobs.NEWS, running("wanted"), timedelta(hours=1), wanted=lambda: len(found) < 6),
        Job("elsewhere", jobs.CALLS, running("elsewhere"), timedelta(hours=1)),
    )
    monkeypatch.setattr(jobs, "all_jobs", lambda: made)
    return found


@pytest.mark.django_db
def test_each_job_runs_when_it_is_due_or_wanted_and_one_that_falls_ends_nothing(ran: list[str]) -> None:
    with clock.at(NOW):
        engines.look(jobs.NEWS)
        engines.look(jobs.NEWS)
        assert ran == ["bad", "good", "wanted", "wanted"]
        assert Beat.objects.get(job="bad").error == "ZeroDivisionError"
        assert Beat.objects.get(job="bad").at is None
    with clock.at(NOW + timedelta(minutes=11)):
        engines.look(jobs.NEWS)
    assert ran[4:] == ["bad", "wanted"]
    with clock.at(NOW + timedelta(minutes=61)):
        engines.look(jobs.NEWS)
        engines.look(jobs.NEWS)
    assert ran[6:] == ["bad", "good"]


@pytest.mark.django_db
def test_what_died_while_it_ran_is_due_again_soon_and_is_not_begun_twice_before() -> None:
    job = Job("slow", jobs.UPKEEP, lambda: None, timedelta(days=1))
    with clock.at(NOW):
        engines._note_begin(job)
        assert not engines._is_due(job, Beat.objects.get(job="slow"), clock.now())
    assert engines._is_due(job, Beat.objects.get(job="slow"), NOW + engines.PATIENCE)


@pytest.mark.django_db
def test_a_lane_is_one_process_s_until_it_is_silent_for_a_minute() -> None:
    assert engines.has_turn("news", "a", NOW)
    assert not engines.has_turn("news", "b", NOW)
    assert engines.has_turn("calls", "b", NOW)
    assert engines.has_turn("news", "a", NOW + timedelta(seconds=50))
    assert not engines.has_turn("news", "b", NOW + timedelta(seconds=100))
    assert engines.has_turn("news", "b", NOW + timedelta(seconds=111))
    assert not engines.has_turn("news", "a", NOW + timedelta(seconds=112))


def test_of_many_who_want_a_lane_at_once_one_has_it(committed_db: None) -> None:
    got: list[bool] = []
    gate = threading.Barrier(6)

    def want(name: str) -> None:
        try:
            gate.wait()
            got.append(engines.has_turn("news", name, NOW))
        finally:
            connection.close()

    running = [threading.Thread(target=want, args=(str(number),)) for number in range(6)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert sorted(got) == [False] * 5 + [True]
    assert Turn.objects.count() == 1


def test_daily_jobs_keep_their_time_in_summer_and_winter() -> None:
    job = next(job for job in jobs.all_jobs() if job.name == "cut_figures")
    for day, hour in ((make.TODAY.replace(month=1), 6), (make.TODAY.replace(month=7), 5)):
        due = job.next_after(make.noon(day))
        assert (due.astimezone(UTC).hour, due.minute) == (hour, 5)
        assert due.date() == day + timedelta(days=1)
        assert job.next_after(due) - due == timedelta(days=1)


@pytest.mark.django_db
def test_one_call_by_cron_does_all_that_is_due_and_notes_it(capsys: pytest.CaptureFixture[str]) -> None:
    commitment = make.commitment()
    follower("ana@example.org", commitment.record_subject)
    call_command("worker", "--once")
    make.update(commitment)
    call_command("worker", "--once")
    assert Message.objects.filter(state=MessageState.SENT).exists()
    assert mail.outbox
    names = {engines.SCHEDULER, *(job.name for job in jobs.all_jobs())}
    assert set(Beat.objects.filter(error="", at__isnull=False).values_list("job", flat=True)) == names
    assert "jobs run" in capsys.readouterr().out


@pytest.mark.django_db
def test_every_job_may_run_twice(settings: Any) -> None:
    make.commitment()
    for job in jobs.all_jobs():
        assert engines.run(job), job.name
    before = Entry.objects.count(), Message.objects.count(), Call.objects.count()
    for job in jobs.all_jobs():
        assert engines.run(job), job.name
    assert (Entry.objects.count(), Message.objects.count(), Call.objects.count()) == before


def test_a_thread_does_the_work_beside_the_server_and_stops_when_asked(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, ran: list[str]
) -> None:
    stopping = threading.Event()
    monkeypatch.setattr(engines, "STOPPING", stopping)
    monkeypatch.setattr(engines, "LOOK", 0.01)
    running = engines.threads([jobs.CALLS])
    for _ in range(500):
        if Beat.objects.filter(job="elsewhere", at__isnull=False).exists():
            break
        running[0].join(0.02)
    engines._end(running)
    assert ran == ["elsewhere"]
    assert not running[0].is_alive()
    assert Turn.objects.get(lane=jobs.CALLS).until < clock.now()


@pytest.mark.parametrize(("engine", "begun"), [("thread", 1), ("worker", 0), ("off", 0)])
def test_the_server_begins_threads_only_where_it_is_the_engine(
    engine: str, begun: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENGINE = engine
    calls: list[int] = []
    monkeypatch.setattr(engines, "_begin", lambda: calls.append(1))
    monkeypatch.setattr("os.register_at_fork", lambda **_: None)
    engines.begin_beside_the_server()
    assert len(calls) == begun
