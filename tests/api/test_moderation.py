"""Moderation over HTTP: words of ratings from the ballot to the page, reports, and who sees nothing of either."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from api.models import IdempotentAnswer
from ratings import actions
from ratings.models import RatingWords, Report
from ratings.subjects import Rated, Said
from record import clock
from record.models import Entry
from tests import make
from tests.api.scene import V1, Scene, key_of
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
SAID = "PC 1234NE is kind, and Sarah Jones too."
QUEUE = f"{V1}/moderation/"


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    return Scene(api)


def crowd(subject: Rated, *texts: str, number: int = 12, later: int = 0) -> None:
    """So many who rate, the first of them with these words; then figures are cut and words are brought."""
    there = User.objects.count()
    people = User.objects.bulk_create(
        User(email=f"crowd{there + one}@example.org", password="!", confirmed_at=clock.now())
        for one in range(number)
    )
    for place, person in enumerate(people):
        said = Said(3, words=texts[place] if place < len(texts) else "")
        actions.cast(subject, by=person, today=clock.today(), said=said)
    day = clock.today() + timedelta(days=later)
    actions.cut_figures(day)
    actions.bring_words(day)


def queue(scene: Scene, key: str = "", query: str = "") -> list[dict[str, Any]]:
    answer = scene.api.send("GET", QUEUE + query, key=key or scene.convenor)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def content(scene: Scene, place: str, **headers: str) -> bytes:
    answer: Any = scene.api.get(place, headers=headers)
    assert answer.status_code == 200
    return bytes(answer.getvalue() if answer.streaming else answer.content)


def own(scene: Scene, **said: Any) -> dict[str, Any]:
    answer = scene.api.send("PUT", f"{scene.path}rating/", {"score": 4, **said}, key=scene.resident)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_words_go_from_the_ballot_to_the_convenor_and_to_the_page(scene: Scene) -> None:
    body = own(scene, words=SAID)
    assert (body["words"], body["words_state"], body["words_shown"]) == (SAID, "waiting", None)
    assert queue(scene) == []
    crowd(scene.commitment)
    [item] = queue(scene)
    assert (item["kind"], item["subject"], item["period"]) == (
        "words",
        "commitment:AT25-C001",
        body["period"],
    )
    assert (item["since"], item["waits_days"]) == (clock.today().isoformat(), 0)
    [text] = item["texts"]
    assert [(mark["kind"], SAID[mark["start"] : mark["end"]]) for mark in text["marks"]] == [
        ("number", "PC 1234NE"),
        ("name", "Sarah Jones"),
    ]
    assert not {"score", "stratum", "communities", "author"} & set(item)
    publish, refuse = item["verbs"]
    assert refuse.endswith(f"/moderation/words/{item['id']}/refuse/")
    path = publish.removeprefix("http://testserver")
    answer = scene.api.send("POST", path, key=scene.convenor, Idempotency_Key="once")
    assert (answer.status_code, answer.content) == (204, b"")
    assert queue(scene) == []
    [shown] = scene.api.get(f"{scene.path}words/").json()["results"]
    assert (shown["text"], shown["period"]) == (SAID, body["period"])
    assert shown["published_on"] == clock.today().isoformat()
    again = scene.api.send("GET", f"{scene.path}rating/", key=scene.resident).json()
    assert (again["words_state"], again["words_shown"]) == ("published", SAID)
    assert SAID not in str(IdempotentAnswer.objects.values_list("body", "headers", "fingerprint"))


def test_published_words_are_a_list_like_others(scene: Scene) -> None:
    crowd(scene.theme, "=cmd()", "Two walk now.")
    for row in RatingWords.objects.filter(stage="waiting"):
        actions.publish_words(row, by=make.convenor(), today=clock.today())
    address = f"{V1}/assemblies/anytown-2025/themes/be-there/words"
    rows = list(csv.DictReader(io.StringIO(content(scene, f"{address}.csv").decode())))
    assert {row["text"] for row in rows} == {"'=cmd()", "Two walk now."}
    assert set(rows[0]) == {
        "id", "text", "subject", "assembly", "period", "published_on", "position", "invented", "published_at",
        "updated_at",
    }  # fmt: skip
    lines = content(scene, f"{address}/", Accept="application/x-ndjson").splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["theme:anytown-2025/be-there"] * 2
    feed = scene.api.get(f"{address}/feed.atom").content.decode()
    assert "publishes words that came with a rating of anytown-2025/be-there" in feed
    assert "Two walk now." in feed
    assert scene.api.get(f"{address}/?period=2019-Q1").json()["results"] == []
    assert scene.api.get(f"{address}/?score=1").status_code == 400
    assert scene.api.get(f"{V1}/assemblies/anytown-2025/themes/none/words/").status_code == 404


def test_words_taken_back_leave_every_page_at_once(scene: Scene) -> None:
    own(scene, words=SAID)
    crowd(scene.commitment)
    [item] = queue(scene)
    assert scene.api.send("POST", item["verbs"][0].removeprefix("http://testserver"), key=scene.convenor)
    places = [f"{scene.path}words/", f"{scene.path}words.csv", f"{scene.path}words/feed.atom",
              f"{V1}/events/?after=0&page_size=100", f"{V1}/events/feed.atom", f"{V1}/search/?q=Sarah"]  # fmt: skip
    assert sum(SAID.encode() in content(scene, place) for place in places) == 5
    assert scene.api.send("DELETE", f"{scene.path}rating/words/", key=scene.resident).status_code == 204
    for place in places:
        assert b"Sarah" not in content(scene, place).replace(b"q=Sarah", b"").replace(b"q Sarah", b"")
    again = scene.api.send("DELETE", f"{scene.path}rating/words/", key=scene.resident)
    assert (again.status_code, again.json()["code"]) == (404, "nothing_said")
    assert scene.api.send("GET", f"{scene.path}rating/", key=scene.resident).json()["score"] == 4


def test_too_many_words_and_html_are_refused_and_nothing_says_them_again(scene: Scene) -> None:
    for text in ("x" * 301, "<b>loud</b>"):
        answer = scene.api.send(
            "PUT", f"{scene.path}rating/", {"score": 4, "words": text}, key=scene.resident
        )
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/words"
        assert text not in answer.content.decode()
    refused = scene.api.send(
        "PUT", f"{scene.path}rating/", {"score": 4, "words": "\U0001f600" * 300}, key=scene.resident
    )
    assert refused.json()["code"] == "words_too_long"


def test_refused_words_are_their_authors_alone_to_read_with_the_ground(scene: Scene) -> None:
    own(scene, words=SAID)
    crowd(scene.commitment)
    [item] = queue(scene)
    refuse = item["verbs"][1].removeprefix("http://testserver")
    assert scene.api.send("POST", refuse, {"ground": "taste"}, key=scene.convenor).status_code == 400
    assert scene.api.send("POST", refuse, {"ground": "abuse"}, key=scene.convenor).status_code == 204
    again = scene.api.send("POST", refuse, {"ground": "abuse"}, key=scene.convenor)
    assert (again.status_code, again.json()["code"]) == (409, "words_decided")
    mine = scene.api.send("GET", f"{scene.path}rating/", key=scene.resident).json()
    assert (mine["words_state"], mine["words_ground"]) == ("refused", "abuse")
    assert scene.api.get(f"{scene.path}words/").json()["results"] == []


def test_the_queue_shows_the_oldest_first_over_pages_and_in_as_many_questions_however_long(
    scene: Scene,
) -> None:
    claim = make.claim(make.commitment(scene.assembly, lead=scene.lead))
    make.challenge(claim, reason="My neighbour Khalid sees nobody.")
    update = make.update(make.commitment(scene.assembly, lead=scene.lead), body="We met Mr Khan.")
    entry = Entry.objects.get(position=update.position or 0)
    actions.report(entry, by=make.person(), today=clock.today(), reason="He did not agree to that.")
    crowd(scene.commitment, *(f"Number {one}." for one in range(5)))
    whole = queue(scene)
    assert [item["kind"] for item in whole].count("words") == 5
    assert [item["since"] for item in whole] == sorted(item["since"] for item in whole)
    assert whole[0]["kind"] == "challenge"
    [reported] = [item for item in whole if item["kind"] == "report"]
    assert (reported["subject"], reported["entry"]) == (f"update:{update.pk}", entry.position)
    assert reported["reason"] == "He did not agree to that."
    assert [mark["kind"] for mark in reported["texts"][0]["marks"]] == ["name"]
    paged: list[dict[str, Any]] = []
    address: str | None = f"{QUEUE}?page_size=2"
    while address:
        body = scene.api.send("GET", address.removeprefix("http://testserver"), key=scene.convenor).json()
        paged, address = [*paged, *body["results"]], body["next"]
    assert paged == whole
    back = scene.api.send("GET", f"{QUEUE}?ordering=-since", key=scene.convenor).json()["results"]
    assert back == whole[::-1]
    assert {item["kind"] for item in queue(scene, query="?kind=challenge,report")} == {"challenge", "report"}
    assert queue(scene, query="?assembly=othertown") == []
    with CaptureQueriesContext(
        connection,
    ) as seven:
        queue(scene)
    crowd(scene.theme, *(f"Theme {one}." for one in range(11)), later=7)
    with CaptureQueriesContext(connection) as more:
        assert len(queue(scene)) > len(whole)
    assert len(more) == len(seven)


def test_nobody_but_the_convenor_of_the_assembly_sees_what_waits(scene: Scene) -> None:
    own(scene, words=SAID)
    crowd(scene.commitment)
    [item] = queue(scene)
    other = key_of(make.convenor("othertown-2025"))
    assert queue(scene, other) == []
    for key in (
        scene.responder,
        scene.member,
        scene.co_member,
        scene.council_responder,
        scene.panel,
        scene.resident,
    ):
        answer = scene.api.send("GET", QUEUE, key=key)
        assert answer.status_code == 403
        for verb in item["verbs"]:
            body = {"ground": "abuse"} if "refuse" in verb else None
            refused = scene.api.send("POST", verb.removeprefix("http://testserver"), body, key=key)
            assert refused.status_code == 403
            assert SAID not in refused.content.decode()
    for place in ("words/", "words.csv", "words/feed.atom", ""):
        assert b"Sarah" not in content(scene, f"{scene.path}{place}")
    assert b"Sarah" not in scene.api.get(f"{V1}/events/?page_size=100").content


def test_a_report_says_nothing_of_who_sent_it_and_hiding_tells_its_ground(scene: Scene) -> None:
    own(scene, words=SAID)
    crowd(scene.commitment)
    [item] = queue(scene)
    scene.api.send("POST", item["verbs"][0].removeprefix("http://testserver"), key=scene.convenor)
    [shown] = scene.api.get(f"{scene.path}words/").json()["results"]
    reporter = make.person("reporter")
    sent = {"entry": shown["position"], "reason": "It names my sister."}
    answer = scene.api.send("POST", f"{V1}/reports/", sent, key=key_of(reporter), Idempotency_Key="r")
    assert answer.json() == {"entry": shown["position"], "reported_on": clock.today().isoformat()}
    twice = scene.api.send("POST", f"{V1}/reports/", sent, key=key_of(reporter))
    assert (twice.status_code, twice.json()["code"]) == (409, "reported_already")
    nothing = scene.api.send("POST", f"{V1}/reports/", {**sent, "entry": 999_999}, key=scene.resident)
    assert nothing.json()["errors"][0]["pointer"] == "/entry"
    [report] = queue(scene, query="?kind=report")
    assert reporter.email not in json.dumps(report)
    hide = report["verbs"][1].removeprefix("http://testserver")
    hidden = scene.api.send(
        "POST", hide, {"ground": "personal_data", "note": "A sister."}, key=scene.convenor
    )
    assert hidden.status_code == 204
    assert scene.api.get(f"{scene.path}words/").json()["results"] == []
    told = scene.api.get(f"{V1}/events/?type=words.hidden").json()["results"]
    assert [one["body"]["facts"]["ground"] for one in told] == ["personal_data"]
    assert queue(scene) == []
    assert Report.objects.get().reason == ""
    kept = b" ".join(bytes(one) for one in IdempotentAnswer.objects.values_list("body", flat=True))
    assert b"sister" not in kept.lower()
    mine = scene.api.send("GET", f"{scene.path}rating/", key=scene.resident).json()
    assert (mine["words_state"], mine["words_shown"]) == ("hidden", None)


def test_the_convenor_hides_any_entry_and_shows_it_again_and_the_note_stays_theirs(scene: Scene) -> None:
    made = scene.post(
        f"{scene.path}updates/", {"body": "We met Mr Khan.", "status": "in_progress"}, key=scene.member
    )
    entry = made["position"]
    reporter = make.person()
    actions.report(Entry.objects.get(position=entry), by=reporter, today=clock.today(), reason="My name.")
    said = {"entry": entry, "ground": "personal_data", "note": "Asked by phone."}
    hidings = f"{V1}/moderation/hidings/"
    for key in (scene.member, scene.panel, scene.resident):
        assert scene.api.send("POST", hidings, said, key=key).status_code == 403
        assert scene.api.send("GET", hidings, key=key).status_code == 403
    unknown = scene.api.send("POST", hidings, {**said, "entry": 999_999}, key=scene.convenor)
    assert unknown.json()["errors"][0]["pointer"] == "/entry"
    assert scene.api.send("POST", hidings, said, key=scene.convenor, Idempotency_Key="h").status_code == 204
    assert "phone" not in str([bytes(row) for row in IdempotentAnswer.objects.values_list("body", flat=True)])
    assert "Khan" not in scene.api.get(f"{V1}/updates/{made['id']}/").content.decode()
    assert queue(scene) == []
    [hiding] = scene.api.send("GET", hidings, key=scene.convenor).json()["results"]
    assert (hiding["entries"], hiding["note"], hiding["lifted_on"]) == ([entry], "Asked by phone.", None)
    other = key_of(make.convenor("othertown-2025"))
    assert scene.api.send("GET", hidings, key=other).json()["results"] == []
    restore = hiding["restore"].removeprefix("http://testserver")
    assert scene.api.send("POST", restore, key=other).status_code == 403
    assert scene.api.send("POST", restore, key=scene.convenor).status_code == 204
    assert "Khan" in scene.api.get(f"{V1}/updates/{made['id']}/").content.decode()
    assert b"phone" not in scene.api.get(f"{V1}/events/?page_size=100").content
