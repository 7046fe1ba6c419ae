"""The pages of reading: whole, escaped, bounded, free of withheld words, and the same for everybody."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Recommendation
from record import clock
from record.models import Entry
from tests import make, signed
from tests.api.test_reference import page

pytestmark = pytest.mark.django_db
FINDING = {"text": "We never see <anyone>.", "sources": make.SOURCE}


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def text(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def story() -> Recommendation:
    """A recommendation that was asked, answered, promised and worded anew."""
    assembly = make.assembly(area=make.area(), question="How?", source=make.SOURCE)
    found = make.recommendation(assembly, theme=make.theme(assembly, "be-there", findings=[FINDING]))
    body = make.organisation()
    convenor = make.convenor(assembly.slug)
    actions.ask(found, by=convenor, today=make.TODAY, organisation=body)
    said: Any = {
        "organisation": body,
        "stance": "rejected",
        "body": "We will not.",
        "reason": "No money <yet>.",
    }
    actions.respond(found, by=make.responder(body), today=make.TODAY, **said)
    make.commitment(assembly, recommendations=[found], title="Walk the high street")
    reworded: Any = {"field": "title", "text": "Be out more", "reason": "A slip of the pen."}
    actions.correct_recommendation(found, by=convenor, today=make.TODAY, **reworded)
    return Recommendation.objects.get()


ADDRESSES = [
    "/", "/assemblies/", "/assemblies/anytown-2025/", "/assemblies/anytown-2025/themes/be-there/", "/record/",
    "/record/1/", "/about/method/", "/about/privacy/", "/about/licence/", "/about/accessibility/",
    "/about/rating-rules/", "/about/design/",
]  # fmt: skip


def test_every_page_is_whole_leads_on_and_sets_no_cookie() -> None:
    recommendation = story()
    signed.now()
    client, opened = Client(), set[str]()
    for address in (*ADDRESSES, f"/recommendations/{recommendation.reference}/"):
        for prefix in ("", "/ur", "/pl"):
            answer = client.get(f"{prefix}{address}")
            assert (answer.status_code, len(answer.cookies)) == (200, 0), address
            assert "Cookie" not in answer["Vary"]
            found = page(client, f"{prefix}{address}")
            assert found.tags.count("h1") == 1, address
            assert len(found.ids) == len(set(found.ids)), address
            opened |= {link.partition("#")[0] for link in found.links if link.startswith("/") and not prefix}
    for link in sorted(opened):
        assert client.get(link, follow=True).status_code in (200, 401), link


def test_the_page_of_a_recommendation_tells_its_whole_story() -> None:
    shown = text(f"/recommendations/{story().reference}/")
    assert "We will not." in shown
    assert "No money &lt;yet&gt;." in shown
    assert "Walk the high street" in shown
    assert "A slip of the pen." in shown
    assert '<del><span class="unseen">taken out: </span>' in shown


def test_an_answer_that_did_not_come_is_late_and_one_that_was_never_asked_is_not() -> None:
    recommendation = make.recommendation()
    here = f"/recommendations/{recommendation.reference}/"
    assert "Nobody was asked here either, so that no clock is running." in text(here)
    by = make.convenor(recommendation.assembly.slug)
    actions.ask(recommendation, by=by, today=make.TODAY, organisation=make.organisation())
    assert "56 days left" in text(here)
    with clock.at(make.noon(make.days(57))):
        assert "1 day late" in text(here)
        assert "No answer in time" in text(here)


def test_a_theme_sets_three_voices_side_by_side_and_says_what_is_unknown() -> None:
    story()
    shown = text("/assemblies/anytown-2025/themes/be-there/")
    assert "We never see &lt;anyone&gt;." in shown
    assert "People chose to rate; this is not a survey of everyone." in shown
    assert "Few looks like none" in shown
    assert "No owner has said anything about these promises here." in shown


def test_words_that_are_held_show_on_none_of_the_pages() -> None:
    recommendation = story()
    by = make.convenor(recommendation.assembly.slug)
    actions.place_hold(recommendation, by=by, today=make.TODAY, ground="live_case")
    here = f"/recommendations/{recommendation.reference}/"
    positions = Entry.objects.values_list("position", flat=True)
    shown = [
        *(text(address) for address in (*ADDRESSES, here)),
        *(text(f"/record/{one}/") for one in positions),
    ]
    assert "held back since" in text(here)
    for words in ("Be out more", "A slip of the pen.", "We will not.", "No money"):
        assert not any(words in one for one in shown), words


def test_pages_cost_the_same_for_one_and_for_many() -> None:
    first = story()
    addresses = (*ADDRESSES[2:6], f"/recommendations/{first.reference}/")

    def costs() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                Client().get(address)
            counts.append(len(asked))
        return counts

    before = costs()
    for number in range(3):
        theme = make.theme(first.assembly, f"more-{number}")
        other = make.recommendation(first.assembly, theme=theme if number else first.theme)
        make.commitment(first.assembly, recommendations=[first, other])
    assert costs() == before
    assert max(before) <= 22


def test_an_entry_can_be_checked_and_says_when_it_is_not_signed_yet() -> None:
    story()
    position = Entry.objects.filter(type="recommendation.published").get().position
    assert "not signed yet" in text(f"/record/{position}/")
    before = Client().get(f"/record/{position}/")["ETag"]
    signed.now()
    shown = text(f"/record/{position}/")
    assert "are sealed and signed" in shown
    assert "Salt and words give this hash" in shown
    assert "do not give this hash" not in shown
    assert Client().get(f"/record/{position}/", headers={"If-None-Match": before}).status_code == 200
    assert Client().get("/record/99999999999999999999/").status_code == 404
