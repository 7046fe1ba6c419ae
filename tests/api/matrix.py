"""Who may do what: every route with every method that it takes, and what each role is answered.

`{names}` stand for things of `tests/api/world.py`. A route or method that is not here fails the test; methods that
a route does not list are 405 for everybody. Reading is public unless it says otherwise. A write says who may, and
what they are answered; anybody else gets 403, and whoever sends no key 401. For each write a key of somebody
who may, with every scope but the one that it needs, is refused too.
"""

from dataclasses import dataclass, field
from typing import Any

ANONYMOUS = "anonymous"
RESIDENT = "a resident"
UNCONFIRMED = "an account without a confirmed address"
LEAD_MEMBER = "a team member of the lead"
CO_MEMBER = "a team member of a co-owner"
OTHER_MEMBER = "a team member of another body"
LEAD_RESPONDER = "a responder of the lead's body"
CO_RESPONDER = "a responder of a co-owner's body"
OTHER_RESPONDER = "a responder of another body"
PANEL = "the panel"
CONVENOR = "the convenor"
OTHER_PANEL = "the panel of another assembly"
OTHER_CONVENOR = "the convenor of another assembly"
TORN_PANEL = "a panel member who belongs to an owner's body"
TORN_CONVENOR = "a convenor who belongs to an owner's body"
SUPERUSER = "a superuser without roles"

ANSWERING = frozenset({LEAD_RESPONDER, CO_RESPONDER, CONVENOR})
OWNERS = frozenset({LEAD_MEMBER, CO_MEMBER, LEAD_RESPONDER, CO_RESPONDER})
REPORTING = OWNERS | {OTHER_MEMBER, OTHER_RESPONDER, TORN_PANEL, TORN_CONVENOR}
# Whoever confirmed an address and is of no owner's body; convenors of this assembly take no side in it.
RESIDENTS = frozenset({RESIDENT, OTHER_MEMBER, OTHER_RESPONDER, OTHER_PANEL, OTHER_CONVENOR, SUPERUSER})
# Areas, bodies and teams belong to all assemblies, so any convenor keeps them, but for the own body's.
KEEPERS = frozenset({CONVENOR, OTHER_CONVENOR})
SIGNED_IN = frozenset(
    {
        RESIDENT,
        UNCONFIRMED,
        PANEL,
        CONVENOR,
        OTHER_PANEL,
        OTHER_CONVENOR,
        TORN_PANEL,
        TORN_CONVENOR,
        SUPERUSER,
    }
    | {LEAD_MEMBER, CO_MEMBER, OTHER_MEMBER, LEAD_RESPONDER, CO_RESPONDER, OTHER_RESPONDER}
)
ROLES = (ANONYMOUS, *sorted(SIGNED_IN))


@dataclass(frozen=True)
class Cell:
    """One method of one route: `allowed` get `status`, others `otherwise`, without a key `anonymous`."""

    method: str
    allowed: frozenset[str]
    status: int
    body: Any = None
    otherwise: int = 403
    anonymous: int = 401
    headers: dict[str, str] = field(default_factory=dict)

    def expected(self, role: str) -> int:
        """What this role is answered."""
        if role in self.allowed:
            return self.status
        return self.anonymous if role == ANONYMOUS else self.otherwise


Row = tuple[str, tuple[Cell, ...]]
READ = Cell("GET", frozenset(ROLES), 200)
ALL = frozenset(ROLES)
ASKING = Cell("POST", ALL, 202, {"address": "ana@example.org", "topic": "assembly:anytown-2025"})
NOT_SO_LONG = Cell("GET", frozenset(), 404, otherwise=404, anonymous=404)
"""A tile of a record that is longer than these tests'."""
OWN = Cell("GET", SIGNED_IN, 200)


def post(who: str | frozenset[str], body: Any = None, status: int = 201) -> Cell:
    """Whoever of `who` posts `body` is answered `status`."""
    return Cell("POST", frozenset({who}) if isinstance(who, str) else who, status, body)


def patch(who: str | frozenset[str], body: Any) -> Cell:
    """Whoever of `who` changes it."""
    allowed = frozenset({who}) if isinstance(who, str) else who
    return Cell("PATCH", allowed, 200, body, headers={"If_Match": "*"})


def listed(address: str, *cells: Cell) -> tuple[Row, ...]:
    """A public list, with its twin in CSV and its feed."""
    return (f"{address}/", (READ, *cells)), (f"{address}.csv", (READ,)), (f"{address}/feed.atom", (READ,))


SOURCE = {"url": "https://example.org/report", "reliability": "primary"}
DUE = {"on": "2027-06-30", "precision": "quarter", "text": "by summer"}
WHY = {"reason": "Because it is so."}
NORTH, SOUTH = [{"team": "north-team", "lead": True}], [{"team": "south-team", "lead": True}]
WORDING = {"field": "title", "text": "Engage with the young", **WHY}
REPORT = {"body": "Two officers walk.", "status": "in_progress"}
ANSWER = {"organisation": "police", "position": "accepted", "body": "We will."}
HOME = {"assembly": "anytown-2025"}
PROMISE = {"title": "Walk every evening", "owners": NORTH}
DISPUTE = {"claim": "{claim}", "reason": "We see nobody."}
FINDING = {"claim": "{claim}", "finding": "verified", "reason": "We looked."}
CLAIMED, ACTIVE, WAITING = "commitments/{claimed}", "commitments/{active}", "commitments/{waiting}"

PAGES = ("docs/", "docs/try/", "docs/commitments/")
"""For people: they belong to the API's addresses, and not to its contract."""

REGISTERS: tuple[Row, ...] = (
    *listed("assemblies", post(CONVENOR, {"slug": "newtown-2026", "prefix": "NT26", "title": "Newtown"})),
    ("assemblies/anytown-2025/", (READ, patch(CONVENOR, {"reply_days": 30, **WHY}))),
    *listed("themes", post(CONVENOR, {**HOME, "slug": "be-fair", "title": "Be fair"})),
    ("assemblies/anytown-2025/themes/{theme}/", (READ, patch(CONVENOR, {"title": "Be here", **WHY}))),
    *listed("areas", post(KEEPERS, {"code": "E05013882", "name": "Cann Hall", "kind": "ward"})),
    ("areas/{area}/", (READ, patch(KEEPERS, {"name": "Waltham Forest", **WHY}))),
    *listed(
        "organisations",
        post(KEEPERS | {TORN_CONVENOR}, {"slug": "mopac", "name": "MOPAC", "kind": "oversight"}),
    ),
    ("organisations/police/", (READ, patch(KEEPERS, {"name": "The police", **WHY}))),
    *listed("teams", post(KEEPERS, {"slug": "east", "name": "East", "organisation": "police"})),
    ("teams/south-team/", (READ, patch(KEEPERS, {"name": "South", **WHY}))),
    ("teams/north-team/reorganise/", (post(LEAD_RESPONDER, {"successors": ["south-team"], **WHY}, 200),)),
    ("teams/south-team/reorganise/", (post(KEEPERS | {LEAD_RESPONDER}, {"successors": [], **WHY}, 200),)),
)
RECOMMENDATIONS: tuple[Row, ...] = (
    *listed("recommendations", post(CONVENOR, {**HOME, "title": "Listen", "body": "To everybody."})),
    ("recommendations/due-dates.ics", (READ,)),
    ("recommendations/{recommendation}/", (READ,)),
    ("recommendations/{recommendation}/asked/", (post(CONVENOR, {"organisation": "council"}),)),
    *listed(
        "recommendations/{recommendation}/responses",
        post(LEAD_RESPONDER, ANSWER),
        post(CONVENOR, {**ANSWER, "organisation": "council", "source": SOURCE}),
    ),
    ("recommendations/{recommendation}/responses/{response}/", (READ,)),
    *listed("recommendations/{recommendation}/corrections", post(CONVENOR, WORDING)),
)
COMMITMENTS: tuple[Row, ...] = (
    *listed(
        "commitments",
        post(LEAD_RESPONDER, {**HOME, **PROMISE}),
        post(CONVENOR, {**HOME, "title": "Review the panels", "source": SOURCE}),
    ),
    ("commitments/due-dates.ics", (READ,)),
    (f"{ACTIVE}/", (READ,)),
    ("commitments/{entered}/accept/", (post(LEAD_RESPONDER, {"owners": NORTH}, 200),)),
    (f"{ACTIVE}/hand-over/", (post(LEAD_RESPONDER, {"owners": SOUTH, **WHY}, 200),)),
    ("commitments/{offered}/accept/", (post(OTHER_RESPONDER, None, 200),)),
    ("commitments/{offered}/hand-over/refuse/", (post(OTHER_RESPONDER, WHY, 200),)),
    ("commitments/{offered}/hand-over/withdraw/", (post(LEAD_RESPONDER, None, 200),)),
    (f"{ACTIVE}/supersede/", (post(LEAD_RESPONDER, {"successor": "{second}", **WHY}, 200),)),
    (f"{ACTIVE}/split/", (post(LEAD_RESPONDER, {"parts": [PROMISE, PROMISE], **WHY}, 200),)),
    (f"{ACTIVE}/merge/", (post(LEAD_RESPONDER, {"others": ["{second}"], **PROMISE, **WHY}, 201),)),
    *listed(f"{ACTIVE}/corrections", post(OWNERS, WORDING)),
    (f"{WAITING}/corrections/{{correction}}/approve/", (post(CONVENOR, None, 200),)),
    (f"{WAITING}/corrections/{{correction}}/refuse/", (post(CONVENOR, WHY, 200),)),
    *listed(f"{ACTIVE}/updates", post(OWNERS, REPORT)),
    *listed(f"{ACTIVE}/milestones", post(OWNERS, {"title": "Begin", "due_on": "2026-09-01"})),
    (f"{ACTIVE}/milestones/{{milestone}}/done/", (post(OWNERS, None, 200),)),
    *listed(f"{ACTIVE}/due-date-changes", post(OWNERS, {**DUE, **WHY})),
    (f"{WAITING}/due-date-changes/{{change}}/approve/", (post(CONVENOR, None, 200),)),
    (f"{WAITING}/due-date-changes/{{change}}/refuse/", (post(CONVENOR, WHY, 200),)),
    *listed(f"{CLAIMED}/verifications", post(PANEL, FINDING)),
    *listed(f"{CLAIMED}/challenges", post(RESIDENTS | {PANEL}, DISPUTE)),
)
UPDATES: tuple[Row, ...] = (
    *listed("updates"),
    ("updates/{update}/", (READ,)),
    *listed(
        "updates/{update}/corrections",
        post(frozenset({LEAD_MEMBER, LEAD_RESPONDER}), {"field": "body", "text": "Three walk.", **WHY}),
    ),
    # Who may send a file is told that it comes as a form, which tests/api/test_evidence.py sends.
    ("evidence/", (post(REPORTING, None, 415),)),
    ("evidence/{file}/", (READ,)),
    ("evidence/{file}/file/", (READ,)),
)
PRIORITIES: tuple[Row, ...] = (
    *listed("neighbourhoods"),
    ("neighbourhoods/{neighbourhood}/", (READ, patch(KEEPERS, {"area": "{area}", **WHY}))),
    *listed("priorities"),
    ("priorities/{priority}/", (READ,)),
    ("priorities/{priority}/commitments/", (post(ANSWERING, {"commitment": "{active}"}),)),
    (
        "priorities/{tied}/commitments/{active}/",
        (Cell("DELETE", ANSWERING, 204, headers={"If_Match": "*"}),),
    ),
)
CHALLENGES: tuple[Row, ...] = (
    *listed("challenges"),
    ("challenges/due-dates.ics", (READ,)),
    ("challenges/{open}/", (READ,)),
    ("challenges/{proposed}/admit/", (post(CONVENOR, None, 200),)),
    ("challenges/{proposed}/refusal/", (post(CONVENOR, {"ground": "personal_data"}, 200),)),
    ("challenges/{gathering}/support/", (post(RESIDENTS, None, 200),)),
    ("challenges/{open}/reply/", (post(OWNERS, {"body": "We do."}, 200),)),
    ("challenges/{answered}/resolve/", (post(CONVENOR, {"outcome": "upheld", **WHY}, 200),)),
    ("challenges/{own_challenge}/withdraw/", (post(RESIDENT, None, 200),)),
)
SCORE = {"score": 4}
OWN_RATING = (
    Cell("GET", frozenset({RESIDENT}), 200, otherwise=404),
    Cell("PUT", RESIDENTS, 200, SCORE),
    Cell("DELETE", frozenset({RESIDENT}), 204, otherwise=404),
)
TAKE_BACK = Cell("DELETE", frozenset({RESIDENT}), 204, otherwise=404)
CONFIRMED = SIGNED_IN - {UNCONFIRMED}
# What waits is shown to convenors, each their own; never to anybody of an owner's body.
REVIEWING = frozenset({CONVENOR, OTHER_CONVENOR})
GROUND = {"ground": "personal_data"}
MODERATION: tuple[Row, ...] = (
    *listed("commitments/{judged}/words"),
    *listed("assemblies/anytown-2025/themes/{theme}/words"),
    ("commitments/{judged}/rating/words/", (TAKE_BACK,)),
    ("assemblies/anytown-2025/themes/{theme}/rating/words/", (TAKE_BACK,)),
    ("reports/", (post(CONFIRMED, {"entry": "#{shown_entry}", **WHY}),)),
    ("moderation/", (Cell("GET", REVIEWING, 200),)),
    (
        "moderation/hidings/",
        (Cell("GET", REVIEWING, 200), post(CONVENOR, {"entry": "#{shown_entry}", **GROUND}, 204)),
    ),
    ("moderation/hidings/{hiding}/restore/", (post(CONVENOR, None, 204),)),
    ("moderation/words/{waiting_words}/publish/", (post(CONVENOR, None, 204),)),
    ("moderation/words/{waiting_words}/refuse/", (post(CONVENOR, GROUND, 204),)),
    ("moderation/reports/{report}/dismiss/", (post(CONVENOR, None, 204),)),
    ("moderation/reports/{report}/hide/", (post(CONVENOR, GROUND, 204),)),
)
RATINGS: tuple[Row, ...] = (
    ("commitments/{active}/residents/", (READ,)),
    ("assemblies/anytown-2025/themes/{theme}/residents/", (READ,)),
    ("assemblies/anytown-2025/themes/{theme}/comparisons/", (READ,)),
    ("organisations/police/residents/", (READ,)),
    ("teams/north-team/residents/", (READ,)),
    ("commitments/{active}/rating/", OWN_RATING),
    ("assemblies/anytown-2025/themes/{theme}/rating/", OWN_RATING),
    *listed("ratings"),
    ("rating-flags/", (Cell("GET", KEEPERS, 200),)),
    *listed("set-asides", post(CONVENOR, {"flag": "{flag}", **WHY})),
    ("set-asides/{set_aside}/", (READ,)),
    ("set-asides/{waiting_aside}/approve/", (post(CONVENOR, None, 200),)),
    ("set-asides/{waiting_aside}/refuse/", (post(CONVENOR, WHY, 200),)),
    ("set-asides/{set_aside}/restore/", (post(CONVENOR, WHY),)),
)
RECORD: tuple[Row, ...] = (
    *listed("events"),
    ("events/{position}/", (READ,)),
    ("record/checkpoint", (READ,)),
    ("record/checkpoints/", (READ,)),
    ("record/checkpoints.csv", (READ,)),
    ("record/vkey", (READ,)),
    ("record/tile/0/000.p/1", (READ,)),
    ("record/tile/0/000", (NOT_SO_LONG,)),
    ("record/tile/0/x001/000", (NOT_SO_LONG,)),
    ("record/tile/0/x001/000.p/1", (NOT_SO_LONG,)),
    ("record/tile/entries/000.p/1", (READ,)),
    ("record/tile/entries/000", (NOT_SO_LONG,)),
    ("record/tile/entries/x001/000", (NOT_SO_LONG,)),
    ("record/tile/entries/x001/000.p/1", (NOT_SO_LONG,)),
    ("record/proof/{position}", (READ,)),
    ("record/consistency", (Cell("GET", frozenset(ROLES), 400),)),
    ("exports/", (READ,)),
    ("exports/000000001-0123456789abcdef.zip", (NOT_SO_LONG,)),
    *listed("search"),
)
ERASE = {"subject": "commitment:{active}", "ground": "court_order", "category": "identity"}
WITHHOLDING: tuple[Row, ...] = (
    *listed("holds", post(CONVENOR, {"subject": "commitment:{active}", "ground": "live_case"})),
    ("holds/{hold}/", (READ,)),
    ("holds/{hold}/lift/", (post(CONVENOR, None, 200),)),
    *listed("redactions", post(CONVENOR, ERASE)),
    ("redactions/requests/", (Cell("GET", KEEPERS, 200),)),
    ("redactions/{redacted}/", (READ,)),
    ("redactions/{redaction}/approve/", (post(CONVENOR, None, 200),)),
    ("redactions/{redaction}/refuse/", (post(CONVENOR, None, 200),)),
    ("redactions/{own_redaction}/withdraw/", (post(CONVENOR, None, 200),)),
)
PEOPLE: tuple[Row, ...] = (
    ("me/", (OWN, Cell("DELETE", SIGNED_IN, 204))),
    ("keys/", (OWN, post(SIGNED_IN, {"scopes": ["account:read"]}))),
    (
        "keys/{own_key}/",
        (
            Cell("GET", frozenset({RESIDENT}), 200, otherwise=404),
            Cell("DELETE", frozenset({RESIDENT}), 204, otherwise=404),
        ),
    ),
)
HOOK = "https://hooks.example.org/said-and-done"
OWN_HOOK = Cell("GET", frozenset({RESIDENT}), 200, otherwise=404)


def own_hook(status: int) -> Cell:
    """What the owner of a webhook posts about it; for others it is not there."""
    return Cell("POST", frozenset({RESIDENT}), status, otherwise=404)


WEBHOOKS: tuple[Row, ...] = (
    ("webhooks/", (OWN, post(CONFIRMED, {"address": HOOK}))),
    (
        "webhooks/{hook}/",
        (
            OWN_HOOK,
            Cell("PATCH", frozenset({RESIDENT}), 200, {"kinds": ["dates"]}, otherwise=404),
            Cell("DELETE", frozenset({RESIDENT}), 204, otherwise=404),
        ),
    ),
    ("webhooks/{hook}/verify/", (own_hook(202),)),
    ("webhooks/{hook}/ping/", (own_hook(202),)),
    ("webhooks/{hook}/rotate/", (own_hook(200),)),
    ("webhooks/{hook}/deliveries/", (OWN_HOOK,)),
    ("webhooks/{hook}/deliveries/{called}/", (OWN_HOOK,)),
    ("webhooks/{hook}/deliveries/{called}/replay/", (own_hook(202),)),
)
CODES: tuple[Row, ...] = (
    ("subscriptions/", (ASKING,)),
    ("subscriptions/confirm/", (Cell("POST", ALL, 200, {"token": "{asked}"}),)),
    (
        "subscriptions/{subscriber}/",
        (READ, Cell("PATCH", ALL, 200, {"cadence": "weekly"}), Cell("DELETE", ALL, 204)),
    ),
    (
        "subscriptions/{subscriber}/follows/{followed}/",
        (Cell("PATCH", ALL, 200, {"kinds": ["dates"]}), Cell("DELETE", ALL, 204)),
    ),
    ("feeds/", (Cell("POST", ALL, 201, {"follows": [{"topic": "assembly:anytown-2025"}]}),)),
    ("feeds/{reader}/feed.atom", (READ,)),
    ("feeds/{reader}/follows/{read}/feed.atom", (READ,)),
    ("subscriptions/{subscriber}/feed/", (Cell("POST", ALL, 201), Cell("DELETE", ALL, 204))),
    ("local-codes/", (OWN, post(CONVENOR, {**HOME, "number": 3}))),
    ("local-codes/redeem/", (post(SIGNED_IN - {UNCONFIRMED}, {**HOME, "code": "{code}"}, 200),)),
    (
        "local-codes/{batch}/",
        (
            Cell("GET", frozenset({CONVENOR}), 200, otherwise=404),
            Cell("DELETE", frozenset({CONVENOR}), 204, otherwise=404),
        ),
    ),
)
REFERENCE: tuple[Row, ...] = (
    ("", (READ,)),
    ("schema/", (READ,)),
    ("schema.yaml", (READ,)),
    *((page, (READ,)) for page in PAGES),
)
ROWS = (
    REGISTERS
    + RECOMMENDATIONS
    + COMMITMENTS
    + UPDATES
    + PRIORITIES
    + CHALLENGES
    + RATINGS
    + MODERATION
    + RECORD
    + WITHHOLDING
    + PEOPLE
    + WEBHOOKS
    + CODES
    + REFERENCE
)
