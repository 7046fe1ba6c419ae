"""The permission matrix of the portal: every route with every method that it takes, and what each role is answered.

`{names}` stand for things of `tests/api/world.py`, in whose words a cell is written too. Whoever is signed in here came
by a mailed code, so that all roles are tried as the portal's own sign-in makes them. A form that a stranger sends
asks for their address first (200), and does nothing. What a route does not list is 405 for everybody.
"""

from typing import Any

from tests.api.matrix import (
    ALL,
    CONFIRMED,
    RESIDENT,
    RESIDENTS,
    SIGNED_IN,
    SUPERUSER,
    UNCONFIRMED,
    Cell,
    Row,
)

READ = Cell("GET", ALL, 200)
OWN = Cell("GET", SIGNED_IN, 200, anonymous=302)
"""A page of one's own: a stranger is led to the sign-in."""
THEME = "assemblies/anytown-2025/themes/{theme}"
PICTURES = (
    "badges/commitments/{active}.svg",
    f"badges/{THEME}.svg",
    "share/commitments/{active}.png",
    f"share/{THEME}.png",
    "share/said-and-done.png",
)
NOT_PAGES = (
    *PICTURES,
    "README.md",
    "oembed?url=http://127.0.0.1:8000/commitments/{active}/",
    "account/copy/",
)
"""What is no page for people to look at."""


def post(
    allowed: frozenset[str], body: Any, status: int = 302, *, anonymous: int = 200, otherwise: int = 403
) -> Cell:
    """A form that is sent, by whom, and what they are answered; a stranger is asked for an address."""
    return Cell("POST", allowed, status, body, anonymous=anonymous, otherwise=otherwise)


def public(*addresses: str) -> tuple[Row, ...]:
    """Pages for everybody, which are read and nothing else."""
    return tuple((address, (READ,)) for address in addresses)


READING = public(
    *("", "README.md", "assemblies/", "assemblies/anytown-2025/", f"{THEME}/"),
    *("recommendations/{recommendation}/", "record/", "record/{position}/"),
    *(
        f"about/{name}/"
        for name in ("method", "privacy", "licence", "accessibility", "rating-rules", "design")
    ),
    *("commitments/", "commitments/{active}/", "commitments/{active}/history/", "challenges/{open}/"),
    *("search/", "changes/", "areas/", "areas/{area}/", "organisations/", "organisations/police/"),
    *("teams/north-team/", "print/areas/{area}/", f"print/{THEME}/"),
    *("cards/commitments/{active}/", f"cards/{THEME}/", *PICTURES),
    "oembed?url=http://127.0.0.1:8000/commitments/{active}/",
)
SCORE = {"choice": "4", "words": ""}
WITHOUT_OFFICE = frozenset({RESIDENT, UNCONFIRMED, SUPERUSER})
"""An office is handed over before an account goes."""
RATED = frozenset({RESIDENT})
"""Who has rated what is active, and its theme."""
SURE = {"claim": "{claim}", "reason": "We see nobody here.", "sure": "1"}
ASKING = {"address": "ana@example.org", "cadence": "daily"}
LOOKED_UP = post(ALL, {"postcode": "E17 4JF"}, 404)
"""Nothing is changed or kept by it, and the page with its form is kept for everybody: so it has no token either."""
PEOPLE: tuple[Row, ...] = (
    ("areas/postcode/", (Cell("GET", frozenset(), 302, otherwise=302, anonymous=302), LOOKED_UP)),
    ("sign-in/", (Cell("GET", SIGNED_IN, 302, anonymous=200), post(SIGNED_IN, {}))),
    ("sign-in/code/", (Cell("GET", SIGNED_IN, 302, anonymous=302), post(SIGNED_IN, {}))),
    ("sign-out/", (READ, post(ALL, {}, 200))),
    ("account/", (OWN,)),
    ("account/copy/", (OWN,)),
    ("account/erase/", (OWN, post(WITHOUT_OFFICE, {}, 200, anonymous=302))),
    ("account/sessions/", (OWN, post(SIGNED_IN, {"end": "all"}, 200, anonymous=302))),
    ("commitments/{active}/rate/", (READ, post(RESIDENTS, SCORE))),
    ("commitments/{active}/rate/withdraw/", (READ, post(RATED, {}, otherwise=404))),
    ("commitments/{active}/rate/words/", (READ, post(RATED, {}, otherwise=404))),
    (f"{THEME}/rate/", (READ, post(RESIDENTS, SCORE))),
    (f"{THEME}/rate/withdraw/", (READ, post(RATED, {}, otherwise=404))),
    (f"{THEME}/rate/words/", (READ, post(RATED, {}, otherwise=404))),
    (f"{THEME}/rate/communities/", (Cell("GET", RATED, 200, otherwise=302, anonymous=302),)),
    (
        f"{THEME}/rate/communities/age_band/",
        (
            Cell("GET", RATED, 200, otherwise=302, anonymous=302),
            post(RATED, {"answer": "25_34", "consent": "1"}, otherwise=302, anonymous=302),
        ),
    ),
    ("assemblies/anytown-2025/local-code/", (READ, post(CONFIRMED, {"local": "{code}"}, 200))),
    ("commitments/{claimed}/challenge/", (READ, post(RESIDENTS, SURE, 200))),
    ("challenges/{gathering}/support/", (READ, post(RESIDENTS, {}))),
    ("challenges/{own_challenge}/withdraw/", (READ, post(frozenset({RESIDENT}), {}))),
    ("follow/?commitment={active}", (READ, post(ALL, ASKING, 200))),
)
BY_LINK: tuple[Row, ...] = (
    ("following/confirm/{asked}/", (READ, post(ALL, {}, 200))),
    ("following/stop/{stopping}/", (READ, post(ALL, {}, 200))),
    ("following/one-click/{stopping}/", (post(ALL, {}, 200),)),
    ("following/news/{message}/", (READ,)),
    ("following/post/{reader}/", (READ, post(ALL, {"cadence": "weekly"}))),
    ("following/post-off/{off}/", (post(ALL, {}, 200),)),
    ("following/{subscriber}/", (READ, post(ALL, {"do": "pause"}))),
)
"""Whoever has the link may, and nobody else knows it; so these alone need no token of a form."""
ROWS = (*READING, *PEOPLE, *BY_LINK)
