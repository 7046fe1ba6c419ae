"""The page of a commitment: what was said beside what was done, all of it dated, and unknown what nobody said."""

import gzip
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Commitment
from commitments.promises import Due
from portal import days
from record import clock
from record.models import Entry
from tests import make
from tests.api.published import Counts, publish
from tests.canaries import CANARY, Story, told
from tests.make import TODAY

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>")
POSITIONS = re.compile(r'<li class="is-[a-z]+" id="e(\d+)"')
EARLIER = re.compile(r'href="(\?before=\d+)#story"')
LOW: Counts = (40, 20, 10, 5, 5)


def html(path: str, day: date = TODAY, **headers: Any) -> str:
    """A page as it is read on a day."""
    with clock.at(make.noon(day)):
        answer = Client().get(path, **headers)
    assert answer.status_code == 200, path
    assert not answer.cookies
    content: str = answer.content.decode()
    return content


def text(path: str, day: date = TODAY) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(TAGS.sub(" ", html(path, day))).split())


def whole(path: str) -> Iterator[str]:
    """A page, and every earlier part of its story."""
    more: re.Match[str] | None = re.match("()", "")
    while more:
        source = html(path + more[1])
        yield source
        more = EARLIER.search(source)


def page(of: Commitment, day: date = TODAY) -> str:
    """What the page of a commitment says."""
    return text(f"/commitments/{of.reference}/", day)


def move(on: Commitment, to: date, asked: date, agreed: date, reason: str) -> None:
    """The owner asks for a later date, and the convenor agrees."""
    by = make.member(make.lead_team(on))
    change = actions.request_due_date(on, by=by, today=asked, due=Due(to, "day", ""), reason=reason)
    actions.approve_due_date(change, by=make.convenor(), today=agreed, reason="The reason is plain.")


def test_each_move_of_the_date_is_struck_and_dated_with_who_asked_who_agreed_and_why() -> None:
    promise = make.commitment(due=Due(date(2026, 6, 30), "day", "by midsummer"), **make.MEASURABLE)
    move(promise, date(2026, 8, 31), date(2026, 6, 2), date(2026, 6, 5), "The cable is late.")
    move(promise, date(2026, 10, 31), date(2026, 8, 3), date(2026, 8, 7), "The trench is wet.")
    today = date(2026, 11, 10)
    said = page(promise, today)
    asker = make.lead_team(promise).name
    assert f"{asker} asked on 2 June 2026: The cable is late." in said
    assert f"{asker} asked on 3 August 2026: The trench is wet." in said
    assert "The convenor agreed on 5 June 2026: The reason is plain." in said
    assert "Against the present date 10 days late" in said
    assert "Against the first date, 30 June 2026 133 days late" in said
    struck = re.findall(
        r"<s class=\"struck\">.*?</span>([^<]+)</s>", html(f"/commitments/{promise.reference}/", today)
    )
    assert struck == ["30 June 2026", "31 August 2026"] * 2


def test_a_bare_commitment_shows_as_unknown_what_nobody_said() -> None:
    said = page(make.entered())
    assert "Not known: no owner is named as leading it." in said
    assert (
        "This promise cannot be judged. It does not say: how it is measured, a target, a due date, a place"
        in said
    )
    assert "no due date was given" in said
    assert "No owner has said anything about it here. That is not the same as doing nothing." in said
    assert "No clock runs: no owner has accepted it here." in said
    assert "few people have rated, or none" in said
    assert "Entered by the convenor from example.org/report" in said
    assert "days late" not in said


def test_a_refuted_claim_stands_beside_the_finding_and_a_dispute_with_its_clock() -> None:
    promise = make.commitment(due=make.DUE, **make.MEASURABLE)
    claim = make.claim(promise)
    said = page(promise)
    assert (
        "The panel can judge the claim until 29 June 2026. Until it agrees, this does not count as done."
        in said
    )
    dispute = make.open_challenge(claim)
    assert "28 days left for the owner to answer: by 29 June 2026." in page(promise)
    assert "Today is the last day for the owner to answer" in page(promise, date(2026, 6, 29))
    late = date(2026, 7, 2)
    assert "Not answered in time" in page(promise, late)
    assert "3 days without an answer since the day that it was due, 29 June 2026." in page(promise, late)
    actions.reply(dispute, by=make.member(make.lead_team(promise)), today=late, body="We walk at night.")
    actions.resolve(dispute, by=make.convenor(), today=late, outcome="upheld", reason="Nobody was seen.")
    for path in (f"/commitments/{promise.reference}/", f"/challenges/{dispute.pk}/"):
        said = text(path, late)
        for words in ("We see nobody.", "We walk at night.", "3 days late", "Upheld", "Nobody was seen."):
            assert words in said, (path, words)
    assert "≠ Contested" in page(promise, late)


def test_residents_figure_is_drawn_and_tabled_alike_with_its_interval_and_its_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    promise = make.commitment()
    make.update(promise)
    publish(monkeypatch, {promise: LOW}, TODAY)
    promise.refresh_from_db()
    source, said = html(f"/commitments/{promise.reference}/"), page(promise)
    mean, low, high = (getattr(promise, f"residents_{one}") / 10 for one in ("mean", "low", "high"))
    n = promise.residents_n
    assert f"{mean} of 5" in said
    assert f"All who rated {n} {mean} {low}–{high}" in said
    assert f"All who rated: {mean} of 5, between {low} and {high}, about {n} people." in said
    assert "Members of the assembly withheld: few, or none" in said
    assert said.count("People chose to rate; this is not a survey of everyone.") == 1
    assert "Residents see less" not in said
    assert "The owner claims more than residents see. The gap is +" in said
    chart = re.search(r"<svg class=\"interval\".*?</svg>", source, re.DOTALL)
    assert chart
    assert 'role="img"' in chart[0]
    assert "<title id=" in chart[0]
    assert "<desc id=" in chart[0]
    assert not re.search(r'="[^"]*\d[.,]\d', chart[0]), "whole numbers, which no language writes with a comma"


def test_a_correction_shows_the_first_words_large_and_each_change_as_taken_out_and_put_in() -> None:
    promise = make.commitment(body="Ten officers walk each evening.")
    by = make.member(make.lead_team(promise))
    asked = actions.correct_commitment(
        promise, by=by, today=TODAY, field="body", text="Ten constables walk each evening.", reason="Plainer."
    )
    actions.approve_correction(asked, by=make.convenor(), today=TODAY, reason="Means the same.")
    source = html(f"/commitments/{promise.reference}/")
    [first] = re.findall(r"<blockquote class=\"promise\">(.*?)</blockquote>", source, re.DOTALL)
    assert "Ten officers walk each evening." in first
    assert "These are the first words. They were corrected since." in source
    history = html(f"/commitments/{promise.reference}/history/")
    assert "taken out: </span>officers</del>" in history
    assert "put in: </span>constables</ins>" in history
    assert "Means the same." in history


def test_words_of_a_challenge_wait_for_the_convenor_on_every_page() -> None:
    promise = make.commitment()
    dispute = make.challenge(make.claim(promise))
    paths = [f"/commitments/{promise.reference}/", f"/challenges/{dispute.pk}/"]
    assert not [path for path in paths if "We see nobody." in html(path)]
    assert "The convenor is still to read its words" in text(paths[1])
    dispute = actions.admit(dispute, by=make.convenor(), today=TODAY)
    assert [path for path in paths if "We see nobody." in html(path)] == paths
    assert "4 more supporters are needed (1 of 5), and then the owner has to answer." in text(paths[1])


def test_a_corrected_update_is_told_with_both_wordings() -> None:
    update = make.update(make.commitment(), body="Two officers walk.")
    by = make.member(update.team)
    actions.correct_update(
        update, by=by, today=TODAY, field="body", text="Two constables walk.", reason="Plainer."
    )
    said = page(update.commitment)
    assert "corrects the words of an update. Both wordings are kept." in said
    assert "taken out: officers put in: constables" in said


def test_nothing_to_report_is_said_as_such_and_the_last_words_stay_with_their_day() -> None:
    commitment = make.commitment()
    member = make.member(make.lead_team(commitment))
    make.update(commitment, by=member, body="Two officers walk.", evidence=make.EVIDENCE)
    actions.report_nothing(commitment, by=member, today=make.days(60))
    told = page(commitment, make.days(60))
    assert "In progress 31 July 2026" in told
    assert "It has nothing to report. Its last words, of 1 June 2026: Two officers walk. Evidence" in told
    assert "has nothing to report. 1 June 2026" in told


def test_what_is_linked_by_lineage_leads_both_ways() -> None:
    promise = make.commitment()
    later = make.commitment(promise.assembly, lead=make.lead_team(promise), title="Walk both streets")
    by = make.responder(make.lead_team(promise).organisation)
    actions.supersede(promise, by=by, today=TODAY, successor=later, reason="One is better.")
    assert f"It became {later.reference} Walk both streets" in page(promise)
    assert f"It came from {promise.reference}" in page(later)


def test_two_hundred_updates_fit_on_light_pages_that_together_tell_the_whole_story() -> None:
    promise = make.commitment()
    by = make.member(make.lead_team(promise))
    words = "Two officers walked, and this is what they saw in the street on that evening. " * 6
    for n in range(200):
        make.update(promise, by=by, body=f"{n}: {words}")
    pages = list(whole(f"/commitments/{promise.reference}/"))
    seen = [int(one) for page in pages for one in POSITIONS.findall(page)]
    story = Entry.objects.filter(root=promise.record_subject).order_by("-position")
    assert seen == list(story.values_list("position", flat=True))
    sheets = [Path(str(finders.find(f"portal/{name}"))) for name in ("portal.css", "portal.js", "icon.svg")]
    around = sum(len(gzip.compress(sheet.read_bytes())) for sheet in sheets)
    assert max(len(gzip.compress(page.encode())) for page in pages) + around < 60_000


def test_long_words_make_a_page_shorter_and_not_heavier() -> None:
    promise = make.commitment()
    by = make.member(make.lead_team(promise))
    for n in range(4):
        make.update(promise, by=by, body=f"{n} " + "x" * 15_000)
    source = html(f"/commitments/{promise.reference}/")
    assert len(POSITIONS.findall(source)) == 2


def test_the_page_asks_the_same_number_of_questions_for_a_long_story_and_a_short_one() -> None:
    promise = make.commitment(**make.MEASURABLE, due=make.DUE)
    by = make.member(make.lead_team(promise))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.update(promise, by=by, evidence=make.EVIDENCE)
            actions.add_milestone(promise, by=by, today=TODAY, title="A step", due_on=make.days(30))
            make.challenge(make.claim(promise, by=by))
            make.update(promise, by=by, reason="Not yet.")
        with CaptureQueriesContext(connection) as asked:
            html(f"/commitments/{promise.reference}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 26


@pytest.mark.parametrize(
    "path", ["/commitments/NO-C1/", "/commitments/NO-C1/history/", "/cards/commitments/NO-C1/"]
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("before", ["", "-1", "x", "1e3", "9" * 20])
def test_a_place_in_the_story_is_a_position_or_nothing(before: str) -> None:
    promise = make.commitment()
    assert Client().get(f"/commitments/{promise.reference}/?before={before}").status_code == 404


def addresses(story: Story) -> list[str]:
    """Every page on which words of the story stand."""
    reference, theme = story.commitment.reference, f"assemblies/{make.SLUG}/themes/{story.theme.slug}"
    return [
        f"/commitments/{reference}/",
        f"/ur/commitments/{reference}/",
        f"/commitments/{reference}/history/",
        f"/challenges/{story.challenge.pk}/",
        f"/cards/commitments/{reference}/",
        f"/oembed?url=http://127.0.0.1:8000/commitments/{reference}/",
        f"/cards/{theme}/",
        f"/badges/{theme}.svg",
    ]


def saying(story: Story) -> list[str]:
    """Those that say the canary."""
    return [path for path in addresses(story) if any(CANARY in page.lower() for page in whole(path))]


def test_what_is_held_hidden_or_erased_is_said_on_no_page() -> None:
    story = told()
    assert saying(story) == addresses(story)
    convenor = make.convenor()
    holds = [
        actions.place_hold(thing, by=convenor, today=TODAY, ground="live_case")
        for thing in (story.commitment, story.theme, story.recommendation)
    ]
    assert saying(story) == []
    assert "Words of this commitment are held back since 1 June 2026, because a case is live." in page(
        story.commitment
    )
    for hold in holds:
        actions.lift_hold(hold, by=convenor, today=TODAY)
    assert saying(story) == addresses(story)


@pytest.mark.parametrize("kind", ["update", "challenge", "verification", "milestone"])
def test_what_is_hidden_in_a_story_is_said_on_no_page(kind: str) -> None:
    story = told(kind)
    assert saying(story)
    actions.hide_words(story.holdable()[kind], by=make.convenor(), today=TODAY, ground="abuse")
    assert saying(story) == []


@pytest.mark.parametrize(
    ("until", "precision", "said"),
    [
        (date(2026, 5, 31), "season", "spring 2026"),
        (date(2027, 2, 28), "season", "winter 2026–2027"),
        (date(2026, 9, 30), "quarter", "July to September 2026"),
        (date(2026, 12, 31), "year", "2026"),
        (date(2026, 11, 30), "month", "November 2026"),
        (date(2026, 11, 3), "day", "3 November 2026"),
        (None, "ongoing", "ongoing, with no end"),
        (None, "", "no due date was given"),
    ],
)
def test_periods_are_said_as_people_say_them(until: date | None, precision: str, said: str) -> None:
    assert days.promised(until, precision, "").said == said
