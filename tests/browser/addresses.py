"""One address of the demonstration for each kind of page, in each state that makes it look different."""

from functools import cache
from typing import Any

import urllib3

STANDINGS = (
    *("no_word", "not_started", "on_track", "late", "very_late", "silent"),
    *("claimed", "unverified", "verified", "contested", "abandoned", "superseded"),
)
CHALLENGES = ("proposed", "gathering", "open", "answered", "unanswered", "resolved", "withdrawn", "refused")
ASSEMBLY, THEME = "waltham-forest-2024", "be-in-the-community"
OF_THEME = f"assemblies/{ASSEMBLY}/themes/{THEME}"
WARD = "E05013885"
READING = {
    "start": "/",
    "assemblies": "/assemblies/",
    "assembly": f"/assemblies/{ASSEMBLY}/",
    "theme": f"/{OF_THEME}/",
    "recommendation": "/recommendations/WF24-R10/",
    "recommendation: no response": "/recommendations/WF24-R01/",
    "commitments": "/commitments/",
    "commitments: none found": "/commitments/?q=zebras",
    "commitment: moved twice": "/commitments/{moved}/",
    **{f"commitment: {one}": f"/commitments/{{{one}}}/" for one in STANDINGS},
    "commitment_history": "/commitments/{moved}/history/",
    **{f"challenge: {one}": f"/challenges/{{challenge {one}}}/" for one in CHALLENGES},
    "organisations": "/organisations/",
    "organisation": "/organisations/metropolitan-police/",
    "team": "/teams/wf-safer-neighbourhoods/",
    "areas": "/areas/",
    "areas: found": "/areas/?q=high",
    "area": f"/areas/{WARD}/",
    "changes": "/changes/",
    "search": "/search/",
    "search: found": "/search/?q=youth",
    "search: nothing found": "/search/?q=zebras",
    "record": "/record/",
    "entry": "/record/60/",
}
ABOUT = {name: f"/about/{name}/" for name in ("method", "privacy", "licence", "accessibility", "design")}
ABOUT["rating_rules"] = "/about/rating-rules/"
PRINTED = {
    "area_sheet": f"/print/areas/{WARD}/",
    "theme_sheet": f"/print/{OF_THEME}/",
}
CARDS = {
    "commitment_card": "/cards/commitments/{moved}/",
    "theme_card": f"/cards/{OF_THEME}/",
}
FORMS = {
    "sign_in": "/sign-in/",
    "sign_out": "/sign-out/",
    "rate_commitment": "/commitments/{on_track}/rate/",
    "withdraw_commitment_rating": "/commitments/{on_track}/rate/withdraw/",
    "unsay_commitment": "/commitments/{on_track}/rate/words/",
    "rate_theme": f"/{OF_THEME}/rate/",
    "local_code": f"/assemblies/{ASSEMBLY}/local-code/",
    "challenge_commitment": "/commitments/{claimed}/challenge/",
    "challenge_commitment: nothing claimed": "/commitments/{on_track}/challenge/",
    "support_challenge": "/challenges/{challenge gathering}/support/",
    "withdraw_challenge": "/challenges/{challenge proposed}/withdraw/",
    "follow": "/follow/?commitment={on_track}",
}
PAGES = READING | ABOUT | PRINTED | CARDS | FORMS


def asked(base: str, path: str) -> Any:
    """What the API answers there."""
    return urllib3.request("GET", f"{base}/api/v1/{path}", timeout=30).json()


@cache
def names(base: str) -> dict[str, str]:
    """What stands for the names in addresses, as the API of the demonstration tells."""
    promises = asked(base, "commitments/?page_size=100")["results"]
    found = {"moved": next(one["reference"] for one in promises if one["due"]["changes"] > 1)}
    for standing in STANDINGS:
        found[standing] = asked(base, f"commitments/?standing={standing}")["results"][-1]["reference"]
    for state in CHALLENGES:
        found[f"challenge {state}"] = asked(base, f"challenges/?state={state}")["results"][0]["id"]
    return found


def path_of(base: str, address: str) -> str:
    """The address with things in the place of their names."""
    return address.format_map(names(base)) if "{" in address else address
