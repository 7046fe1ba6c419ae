"""A promise in whose every typed column stands one unheard-of word, and a crawl through all that might say it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from commitments import actions
from commitments.importing import exporting
from commitments.models import Challenge, Commitment, ProgressUpdate, Recommendation, Theme, Verification
from commitments.promises import Due, EvidenceLink, Ownership, Promise
from commitments.withholding.texts import columns, texts
from record.guarded import GuardedModel
from tests import make
from tests.contract import project
from tests.make import TODAY, days

CANARY = "qzxkanariqz"
"""As no text has it, whole or cut to its stem."""
WORDS = f"About {CANARY} we say this."
SOURCE = [{"url": "https://example.org/a", "date": "2025-05-06", "reliability": "press", "note": WORDS}]
LINKS = [EvidenceLink(WORDS, f"https://example.org/{CANARY}")]
FORMS = ("application/json", "text/csv", "application/x-ndjson")
ELSEWHERE = (
    *("/api/v1/schema", "/api/v1/record/", "/api/v1/exports/", "/api/v1/subscriptions/"),
    "/api/v1/feeds/{token}",
)
"""The contract itself, what `record/` keeps of bytes and hashes alone, and what one follows (tests of its own)."""


@dataclass
class Story:
    """A commitment with everything that can belong to it, the recommendation that it answers, and its theme."""

    theme: Theme
    recommendation: Recommendation
    commitment: Commitment
    update: ProgressUpdate
    challenge: Challenge
    verification: Verification

    def holdable(self) -> dict[str, Any]:
        """One of each kind that can be held."""
        return {
            "theme": self.theme,
            "recommendation": self.recommendation,
            "response": self.recommendation.responses.get(),
            "commitment": self.commitment,
            "update": self.update,
            "milestone": self.commitment.milestones.get(),
            "verification": self.verification,
            "challenge": self.challenge,
        }


def told(*said: str) -> Story:
    """A story in which the kinds `said` (all, unless said) speak of the canary; the others of something else."""

    def words(kind: str) -> str:
        return WORDS if not said or kind in said else f"The {kind} says something else."

    return _Telling(words).story()


class _Telling:
    """Tells a whole story by calling every verb that writes words."""

    def __init__(self, words: Any) -> None:
        self.words = words
        self.assembly, self.convenor = make.assembly(prefix="AT25"), make.convenor()
        self.team, self.other = make.team(slug="north-team"), make.team(slug="other-team")
        self.responder = make.responder(self.team.organisation)
        self.member = make.member(self.team)

    def noted(self, kind: str) -> list[dict[str, Any]]:
        return [{**SOURCE[0], "note": self.words(kind)}]

    def story(self) -> Story:
        theme = self._theme()
        recommendation = self._recommendation(theme)
        commitment = self._commitment(recommendation)
        update = self._updates(commitment)
        self._requests(commitment)
        claim = make.claim(commitment, by=self.member)
        challenge = self._challenge(claim)
        verification = actions.verify(
            commitment,
            by=make.panel(),
            today=TODAY,
            claim=claim,
            finding="verified",
            reason=self.words("verification"),
        )
        self._end(commitment)
        return Story(theme, recommendation, commitment, update, challenge, verification)

    def _theme(self) -> Theme:
        said = self.words("theme")
        findings = [{"text": said, "sources": self.noted("theme")}]
        theme = make.theme(self.assembly, "be-there", title=said, summary=said, findings=findings)
        return actions.correct_theme(
            theme, by=self.convenor, today=TODAY, field="summary", text=f"{said} More.", reason=said
        )

    def _recommendation(self, theme: Theme) -> Recommendation:
        said = self.words("recommendation")
        made = make.recommendation(
            self.assembly, theme=theme, title=said, body=said, source=self.noted("recommendation")
        )
        fix: dict[str, Any] = {"by": self.convenor, "today": TODAY, "reason": said}
        actions.correct_recommendation(made, field="title", text=f"{said} More.", **fix)
        said = self.words("response")
        actions.enter_response(
            made,
            by=self.convenor,
            today=TODAY,
            organisation=self.team.organisation,
            stance="rejected",
            body=said,
            reason=said,
            source=self.noted("response"),
        )
        return made

    def _commitment(self, recommendation: Recommendation) -> Commitment:
        said = self.words("commitment")
        promise = Promise(
            title=said,
            body=said,
            measure=said,
            baseline=said,
            target=said,
            proof=said,
            due=Due(days(100), "day", said),
            recommendations=[recommendation],
            owners=[Ownership(team=self.team, lead=True)],
        )
        made = actions.enter_commitment(
            self.assembly,
            by=self.convenor,
            today=TODAY,
            promise=promise,
            source=self.noted("commitment"),
            reported_state=said,
            notes=[{"kind": "source", "about": "duration", "value": said, "text": said}],
        )
        return actions.accept(made, by=self.responder, today=TODAY)

    def _updates(self, commitment: Commitment) -> ProgressUpdate:
        said = self.words("update")
        links = [EvidenceLink(said, LINKS[0].url if said == WORDS else "https://example.org/b")]
        made = make.update(commitment, by=self.member, body=said, reason=said, evidence=links)
        actions.correct_update(
            made, by=self.member, today=TODAY, field="body", text=f"{said} More.", reason=said
        )
        return made

    def _requests(self, commitment: Commitment) -> None:
        said = self.words("commitment")
        by: dict[str, Any] = {"by": self.member, "today": TODAY}
        step = actions.add_milestone(commitment, title=self.words("milestone"), due_on=days(30), **by)
        move: dict[str, Any] = {"field": "milestone", "text": days(31).isoformat(), "milestone": step}
        for asked in ({"field": "title", "text": f"{said} More."}, move):
            correction = actions.correct_commitment(commitment, reason=said, **by, **asked)
            actions.approve_correction(correction, by=self.convenor, today=TODAY, reason=said)
        actions.correct_commitment(commitment, field="body", text=f"{said} Less.", reason=said, **by)
        change = actions.request_due_date(commitment, due=Due(days(200), "day", said), reason=said, **by)
        actions.approve_due_date(change, by=self.convenor, today=TODAY, reason=said)
        handing: dict[str, Any] = {"by": self.responder, "today": TODAY, "reason": said}
        actions.hand_over(commitment, owners=[Ownership(team=self.other, lead=True)], **handing)
        by_other = make.responder(self.other.organisation)
        actions.refuse_hand_over(commitment, by=by_other, today=TODAY, reason=said)

    def _challenge(self, claim: ProgressUpdate) -> Challenge:
        said = self.words("challenge")
        challenge = make.challenge(claim, reason=said)
        actions.admit(challenge, by=self.convenor, today=TODAY)
        while challenge.state != "open":
            challenge = actions.support(challenge, by=make.person(), today=TODAY)
        actions.reply(challenge, by=self.member, today=TODAY, body=said)
        make.challenge(claim, reason=said)
        return actions.resolve(challenge, by=self.convenor, today=TODAY, outcome="not_upheld", reason=said)

    def _end(self, commitment: Commitment) -> None:
        successor = make.commitment(self.assembly, lead=self.team)
        reason = self.words("commitment")
        actions.supersede(commitment, by=self.responder, today=TODAY, successor=successor, reason=reason)


def speaking(rows: list[GuardedModel]) -> set[tuple[str, str]]:
    """The columns of these rows that say the canary."""
    return {
        (row._meta.label, field.name)
        for row in rows
        for field, value in columns(row)
        if any(CANARY in text for text in texts(value))
    }


def said_on_routes() -> list[str]:
    """Where the canary is said: addresses of the API, the start page, windows of operators, files of an export."""
    return [where for where, content in answers() if CANARY in content.lower()]


def answers(forms: tuple[str, ...] = FORMS) -> Iterator[tuple[str, str]]:
    """Every address with what it says, in each of these forms that it has; without the contract, which takes long."""
    api = Client()
    for address in addresses(api):
        for form in forms if address.endswith("/") else ("*/*",):
            answer = api.get(address, headers={"Accept": form})
            if answer.status_code == 200:
                yield f"{address} {form}", _text(answer)
            else:
                assert (answer.status_code, form != "application/json") == (406, True), address
    yield "/", Client().get("/").content.decode()
    yield from windows()
    yield from exports()


def addresses(api: Client) -> Iterator[str]:
    """Every public address that openapi.yaml promises, for every thing that there is."""
    for path, operations in project().document["paths"].items():
        reading = operations.get("get")
        if reading is None or path.startswith(ELSEWHERE) or not _is_public(reading):
            continue
        for filled in _filled(api, path):
            yield filled
            if path.endswith(("/search/", "/search.csv", "/search/feed.atom")):
                yield f"{filled}?q=walk"


def found_by_search() -> list[str]:
    """The lists that find something when they are asked for the canary."""
    lists = ("search/", "commitments/", "recommendations/", "updates/", "priorities/")
    api = Client()
    asked = {name: api.get(f"/api/v1/{name}", {"q": CANARY}).json()["results"] for name in lists}
    return [name for name, results in asked.items() if results]


def windows() -> Iterator[tuple[str, str]]:
    """Every page of every window for operators."""
    client = Client()
    client.force_login(_operator())
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield base, client.get(reverse(f"{base}_changelist")).content.decode()
        for key in model._default_manager.values_list("pk", flat=True):
            yield f"{base} {key}", client.get(reverse(f"{base}_change", args=[key])).content.decode()


def exports() -> Iterator[tuple[str, str]]:
    """What an export of the assembly holds, in both forms."""
    from_here = Commitment.objects.select_related("assembly__area").first()
    if from_here is None:
        return
    for form in ("csv", "json"):
        for name, content in exporting.exported(from_here.assembly, form).items():
            yield f"export {name}", unzipped(content)


def unzipped(content: bytes) -> str:
    """A file as text; of a zip all that is in it."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as whole:
        return "\n".join(whole.read(name).decode() for name in whole.namelist())


def _operator() -> User:
    found = User.objects.filter(is_superuser=True).first()
    return found or User.objects.create_superuser("operator@example.org")


def _text(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def _is_public(operation: dict[str, Any]) -> bool:
    return "security" not in operation or {} in operation["security"]


_NAMES = {"code": "code", "position": "position", "reference": "reference", "slug": "slug", "id": "id"}


def _filled(api: Client, path: str) -> list[str]:
    """The path with the name of every thing in the place of each variable; the things are those that its list shows."""
    found = re.search(r"\{(\w+)\}", path)
    if found is None:
        return [path]
    name = found[1]
    if name == "theme":
        listed = api.get("/api/v1/themes/").json()["results"]
        slugs = {one["assembly"]: one["slug"] for one in listed}
        return [path.replace("{slug}", assembly).replace("{theme}", slug) for assembly, slug in slugs.items()]
    list_path = path[: found.start()]
    if list_path.endswith("/evidence/"):  # no list of files: updates name theirs
        updates = api.get("/api/v1/updates/").json()["results"]
        named = [one["file"] for update in updates for one in update["evidence"] if one["file"]]
        return [path.replace("{id}", file) for file in named]
    if "{theme}" in path:
        return _filled(api, path.replace("{slug}", make.SLUG, 1))
    size = 3 if list_path.endswith("/events/") else 100  # one by one they say what their list says
    rows = api.get(list_path, {"page_size": size}).json()["results"]
    values = [str(row[_NAMES[name]]) for row in rows]
    return [one for value in values for one in _filled(api, path.replace(f"{{{name}}}", value, 1))]
