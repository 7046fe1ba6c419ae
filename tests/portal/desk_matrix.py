"""The permission matrix of the desk: every route with every method that it takes, and what each role is answered.

`{names}` stand for things of `tests/api/world.py` and of `tests/portal/test_desk_matrix.py`. Whoever is signed in here
gave the second factor; without it, all are led to it, whatever they ask for. What a route does not list is 405.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.api.matrix import (
    ANONYMOUS,
    CO_MEMBER,
    CO_RESPONDER,
    CONVENOR,
    KEEPERS,
    LEAD_MEMBER,
    LEAD_RESPONDER,
    OTHER_PANEL,
    OTHER_RESPONDER,
    OWNERS,
    PANEL,
    RESIDENT,
    SIGNED_IN,
    TORN_CONVENOR,
    TORN_PANEL,
    UNCONFIRMED,
    Cell,
    Row,
)

LED, FORBIDDEN = 302, 403
AT_DESK = SIGNED_IN - {RESIDENT, UNCONFIRMED}
CONVENORS = frozenset({CONVENOR})
RESPONDERS = frozenset({LEAD_RESPONDER})
CO_OWNERS = (CO_MEMBER, CO_RESPONDER)
NOT_ASKED = (CO_RESPONDER, OTHER_RESPONDER)
"""Of bodies that are not asked, or not named."""
Body = Mapping[str, str]
SEND = {"send": "1", "meant": "1"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seat(Cell):
    """One method of one page; `but` says what some roles are answered beside the usual."""

    but: Mapping[str, int] = field(default_factory=dict)

    def expected(self, role: str) -> int:
        """What this role is answered. Whoever holds no office is told so, whatever else stands there."""
        if role in self.but:
            return self.but[role]
        if role not in AT_DESK and role not in self.allowed and role != ANONYMOUS:
            return FORBIDDEN
        return super().expected(role)


def page(
    address: str,
    who: frozenset[str],
    *forms: Seat,
    otherwise: int = FORBIDDEN,
    but: dict[str, int] | None = None,
) -> Row:
    """A page that `who` see, and what is sent there."""
    look = Seat("GET", who, 200, otherwise=otherwise, anonymous=LED, but=but or {})
    return address, (look, *forms)


def sent(
    who: frozenset[str],
    body: Body,
    status: int = 302,
    *,
    otherwise: int = FORBIDDEN,
    but: dict[str, int] | None = None,
) -> Seat:
    """A form that `who` send; it is published as it stands, with nothing held back."""
    typed = {**SEND, **body}
    return Seat("POST", who, status, typed, otherwise=otherwise, anonymous=LED, but=but or {})


def own(
    address: str, who: frozenset[str], body: Body, status: int = 302, *, otherwise: int = FORBIDDEN
) -> Row:
    """A page that those see who may send its form."""
    return page(address, who, sent(who, body, status, otherwise=otherwise), otherwise=otherwise)


WHY = {"reason": "Because it is so."}
DECIDED = {"decision": "approve", **WHY}
SOURCE = {
    "source_url": "https://example.org/report",
    "source_date": "2025-05",
    "source_reliability": "primary",
}
ERASED = {"what": "commitment:{active}", "decision": "court_order", "category": "identity"}
UPDATE = {"body": "Two officers walk.", "status": "in_progress"}
PROMISE = {"title": "Walk", "lead": "north-team"}
PARTS = {f"p{number}-{name}": value for number in (1, 2) for name, value in PROMISE.items()}
SAID = {"position": "accepted", "body": "We will."}
LISTS = (
    *("", "challenges/", "codes/", "corrections/", "date-changes/", "holds/", "redactions/", "reports/"),
    *("set-asides/", "words/"),
)
OFF = dict.fromkeys((RESIDENT, UNCONFIRMED), 404)
OWN_APP, SET_UP = frozenset({RESIDENT}), {UNCONFIRMED: LED}
"""Who has an app, and who would have to set one up."""
OWN_WORDS = frozenset({LEAD_MEMBER, LEAD_RESPONDER})
"""Who wrote the update."""
ENDING = CONVENORS | {TORN_CONVENOR}
"""Taking power away needs nobody's independence."""
HOME, ACTIVE = "assemblies/anytown-2025", "commitments/{active}"

VAGUE = "measure,target,due_on,proof"
"""What the sender of a promise was told that it lacks."""
WAITING: tuple[Row, ...] = (
    page("", AT_DESK),
    page("waiting/date_change/", KEEPERS, otherwise=404),
    page("sheet/anytown-2025/", CONVENORS | {PANEL}),
)
ANYBODY: tuple[Row, ...] = (
    (
        "sign-in/",
        (Seat("GET", SIGNED_IN, 302, anonymous=200), Seat("POST", SIGNED_IN, 400, {}, anonymous=400)),
    ),
    ("sign-in/oidc/", (Seat("GET", NOBODY, 404, otherwise=404, anonymous=404, but=OFF),)),
    ("sign-in/oidc/force/back/", (Seat("GET", NOBODY, 404, otherwise=404, anonymous=404, but=OFF),)),
)
"""The door itself; where no force's own accounts are set, there is no way by them."""
SECURITY: tuple[Row, ...] = (
    ("second-factor/", (Seat("GET", SIGNED_IN, 302, anonymous=LED), sent(SIGNED_IN, {}))),
    own("second-factor/by-mail/", SIGNED_IN, {}),
    page("security/", SIGNED_IN),
    (
        "security/factors/{factor}/remove/",
        (
            Seat("GET", OWN_APP, 200, otherwise=LED, anonymous=LED, but=SET_UP),
            sent(OWN_APP, {}, 409, otherwise=LED, but=SET_UP),
        ),
    ),
    own("security/passkeys/", SIGNED_IN, {}, 400),
    own("security/password/", SIGNED_IN, {}, 400),
    (
        "security/recovery-codes/",
        (
            Seat("GET", OWN_APP, 200, otherwise=LED, anonymous=LED, but=SET_UP),
            sent(OWN_APP, {}, 200, otherwise=LED, but=SET_UP),
        ),
    ),
    page("security/set-up/", SIGNED_IN),
    own("security/totp/", SIGNED_IN, {}, 200),
    ("security/totp/dots.svg", (Seat("GET", SIGNED_IN, 410, anonymous=LED),)),
)
"""One's own, for whoever gave the second factor a moment ago."""
TEAMS: tuple[Row, ...] = (
    page("commitments/", AT_DESK),
    own(f"{ACTIVE}/update/", OWNERS, UPDATE),
    page(f"{ACTIVE}/nothing/", OWNERS, sent(OWNERS, {}, but=dict.fromkeys(CO_OWNERS, 409))),
    own(f"{ACTIVE}/dates/", OWNERS, {"on": "2027-06-30", "precision": "day", **WHY}),
    own(f"{ACTIVE}/milestones/", OWNERS, {"title": "Begin", "due_on": "2026-09-01"}),
    own(f"{ACTIVE}/milestones/{{milestone}}/done/", OWNERS, {"done_on": "2026-06-01"}),
    own(f"{ACTIVE}/corrections/", OWNERS, {"field": "title", "text": "Engage with the young", **WHY}),
    own("updates/{update}/corrections/", OWN_WORDS, {"field": "body", "text": "Three walk.", **WHY}),
    page("evidence/{uploaded}/", frozenset({LEAD_MEMBER}), otherwise=404),
    own("challenges/{open}/reply/", OWNERS, {"body": "We do."}),
)
BODIES: tuple[Row, ...] = (
    page("claims/", frozenset({PANEL, OTHER_PANEL, TORN_PANEL})),
    page(f"{ACTIVE}/", AT_DESK),
    page(
        "commitments/{entered}/accept/",
        RESPONDERS | {*NOT_ASKED},
        sent(RESPONDERS, {"lead": "north-team"}),
    ),
    own("commitments/{claimed}/dispute/", frozenset({PANEL}), {"claim": "{claim}", **WHY}),
    own(f"{ACTIVE}/hand-over/", RESPONDERS, {"lead": "south-team", **WHY}),
    own("commitments/{offered}/hand-over/refuse/", frozenset({OTHER_RESPONDER}), WHY),
    own("commitments/{offered}/hand-over/withdraw/", RESPONDERS, {}),
    own(f"{ACTIVE}/merge/", RESPONDERS, {"merged": "{second}", **PROMISE, **WHY, "send": VAGUE}),
    own(f"{ACTIVE}/priorities/", RESPONDERS | {CO_RESPONDER, CONVENOR}, {"tie": "{priority}"}),
    own(f"{ACTIVE}/split/", RESPONDERS, {"parts": "2", **PARTS, **WHY, "send": f"{VAGUE}; {VAGUE}"}),
    own(f"{ACTIVE}/supersede/", RESPONDERS, {"successor": "{second}", **WHY}),
    own(
        "commitments/{claimed}/verify/",
        frozenset({PANEL}),
        {"claim": "{claim}", "finding": "verified", **WHY},
    ),
    own("organisations/police/promise/?assembly=anytown-2025", RESPONDERS, {**PROMISE, "send": VAGUE}),
    page(
        "recommendations/{recommendation}/answer/",
        RESPONDERS,
        sent(
            RESPONDERS, {"position": "accepted", "body": "We will.", **WHY}, but=dict.fromkeys(NOT_ASKED, 409)
        ),
        but=dict.fromkeys(NOT_ASKED, 409),
    ),
)
CONVENING: tuple[Row, ...] = (
    *(page(f"{HOME}/{name}", CONVENORS) for name in LISTS),
    (
        f"{HOME}/codes/letters/",
        (
            Seat("GET", CONVENORS, 302, anonymous=LED),
            sent(CONVENORS, {"number": "2", "stratum": "local", "layout": "half"}, 200),
        ),
    ),
    own(f"{HOME}/commitments/new/", CONVENORS, {"title": "Review the panels", **SOURCE}),
    own(f"{HOME}/holds/new/", CONVENORS, {"what": "commitment:{active}", "decision": "live_case"}),
    own(f"{HOME}/holds/hide/", CONVENORS, {"what": "{shown_entry}", "decision": "personal_data"}),
    own(f"{HOME}/recommendations/new/", CONVENORS, {"title": "Listen", "body": "To everybody.", **SOURCE}),
    own(f"{HOME}/redactions/new/", CONVENORS, ERASED),
    own("challenges/{proposed}/admit/", CONVENORS, {"decision": "admit"}),
    own("challenges/{answered}/resolve/", CONVENORS, {"decision": "upheld", **WHY}),
    own("codes/{batch}/withdraw/", CONVENORS, {}),
    own("corrections/{correction}/", CONVENORS, DECIDED),
    own("date-changes/{change}/", CONVENORS, DECIDED),
    own("flags/{flag}/", CONVENORS, {"decision": "ask", **WHY}),
    own("holds/{hold}/", CONVENORS, {"decision": "lift"}),
    own("recommendations/{recommendation}/ask/", CONVENORS, {"organisations": "council"}),
    own(
        "recommendations/{recommendation}/responses/new/",
        CONVENORS,
        {"organisation": "council", **SAID, **SOURCE},
    ),
    own("redactions/{redaction}/", CONVENORS, {"decision": "approve"}),
    own("reports/{report}/", CONVENORS, {"decision": "dismiss"}),
    own("set-asides/{waiting_aside}/", CONVENORS, DECIDED),
    own("set-asides/{set_aside}/restore/", CONVENORS, {"decision": "ask", **WHY}),
    own("words/{waiting_words}/", CONVENORS, {"decision": "publish"}),
)
ADMINISTRATION: tuple[Row, ...] = (
    page("people/", AT_DESK),
    own("people/{held}/end/", ENDING, {}, otherwise=404),
    own("people/{held}/shut/", ENDING, {}, otherwise=404),
    page("invite/", AT_DESK, sent(CONVENORS, {"address": "ben@example.org", "office": "panel:anytown-2025"})),
    page(
        "grants/",
        AT_DESK,
        sent(
            CONVENORS,
            {"which": "{proposed_role}", "press": "approve"},
            otherwise=404,
            but={TORN_CONVENOR: 403},
        ),
    ),
    page("invited/", SIGNED_IN),
    page(
        "invited/{invitation}/",
        frozenset({RESIDENT}),
        sent(frozenset({RESIDENT}), {}, otherwise=404, but={UNCONFIRMED: 404}),
        otherwise=404,
        but={UNCONFIRMED: 404},
    ),
    page("hand-on/", AT_DESK),
    own("hand-on/{own_post}/", RESPONDERS, {"last_day": "2026-06-30"}, otherwise=404),
    page("bodies/", AT_DESK),
    own("bodies/enter/", KEEPERS | {TORN_CONVENOR}, {"slug": "mopac", "name": "MOPAC", "kind": "oversight"}),
    own("bodies/police/correct/", KEEPERS, {"name": "The police", **WHY}),
    own("bodies/police/team/", KEEPERS, {"slug": "east", "name": "East"}),
    own("teams/south-team/correct/", KEEPERS, {"name": "South", **WHY}),
    own("teams/south-team/reorganise/", KEEPERS | RESPONDERS, WHY),
    own("import/", KEEPERS, {}, 400),
    page("import/sheets/commitments.csv", KEEPERS),
    own("import/{upload}/", CONVENORS, {"digest": "{digest}"}, otherwise=410),
    page("import/{upload}/to-mend.csv", CONVENORS, otherwise=410),
)
ROWS = (*WAITING, *ANYBODY, *SECURITY, *TEAMS, *BODIES, *CONVENING, *ADMINISTRATION)
