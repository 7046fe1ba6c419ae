"""Priorities of invented neighbourhood teams: seen, edited, gone and back, answered by promises or by nobody."""

from datetime import date

from commitments import actions
from commitments.actions.snapshots import Look, Place
from commitments.choices import PlacedBy
from commitments.demonstration.stage import Diary, Stage, Step, sentence, title
from commitments.demonstration.steps import CONVENOR, POLICE
from commitments.models import Area, Neighbourhood, Priority
from commitments.policeuk import reading

FORCE = "demonstration"
SOURCE = f"https://example.org/invented/{FORCE}"
HIGH_STREET, HOE_STREET, MARKETS = "E05013891", "E05013893", "MARKETS"
NAMES = {HIGH_STREET: "High Street", HOE_STREET: "Hoe Street", MARKETS: "Markets and stations"}
SET = 410
"""How many days before the end the teams set their priorities."""

DRINKING = "Street drinking around the market"
DRINKING_ANEW = "Street drinking around the market and the station"
MOPEDS = "Mopeds ridden on pavements in the evening"
BURGLARY = "Burglary through back doors"
SHOPS = "Theft from small shops"


def look(code: str, *said: str | tuple[str, str]) -> Step:
    """The source shows a neighbourhood with exactly these issues, some with what was done about them."""

    def step(stage: Stage, today: date) -> None:
        ward = Area.objects.filter(code=code).first()
        seen = reading.Neighbourhood(code, title(NAMES[code]))
        priorities = [_said(one, stage.day(SET)) for one in said]
        place = Place(ward, PlacedBy.CODE) if ward else None
        actions.keep_look(Look(FORCE, seen, priorities, f"{SOURCE}/{code}", place), today=today)

    return step


def tie(issue: str, key: str, by: str = POLICE) -> Step:
    """Somebody says that a promise answers a priority."""
    return lambda stage, today: actions.tie(
        _priority(issue), by=stage.person(by), today=today, commitment=stage.commitment(key)
    )


def untie(issue: str, key: str, by: str = CONVENOR) -> Step:
    """Somebody takes that back."""
    return lambda stage, today: actions.untie(
        _priority(issue), by=stage.person(by), today=today, commitment=stage.commitment(key)
    )


def place(code: str, area: str, reason: str) -> Step:
    """The convenor says where a neighbourhood lies."""
    return lambda stage, today: actions.place_neighbourhood(
        Neighbourhood.objects.get(force=FORCE, code=code),
        by=stage.person(CONVENOR),
        today=today,
        area=Area.objects.get(code=area),
        reason=sentence(reason),
    )


def _said(one: str | tuple[str, str], day: date) -> reading.Priority:
    issue, action = (one, "") if isinstance(one, str) else one
    return reading.Priority(title(issue), sentence(action) or None, issue_date=day)


def _priority(issue: str) -> Priority:
    return Priority.objects.get(neighbourhood__force=FORCE, issue=title(issue))


DIARY: Diary = [
    (200, look(HIGH_STREET, DRINKING, MOPEDS)),
    (200, look(HOE_STREET, BURGLARY)),
    (200, look(MARKETS, SHOPS)),
    (195, tie(DRINKING, "patrols")),
    (194, tie(BURGLARY, "patrols")),
    (190, untie(BURGLARY, "patrols")),
    (180, place(MARKETS, "E09000031", "It covers markets in several wards of the borough.")),
    (150, look(HIGH_STREET, (DRINKING_ANEW, "Patrols on Fridays and Saturdays."), MOPEDS)),
    (100, look(HIGH_STREET, (DRINKING_ANEW, "Patrols on Fridays and Saturdays."))),
    (40, look(HIGH_STREET, (DRINKING_ANEW, "Patrols on Fridays and Saturdays."), MOPEDS)),
    (2, look(HIGH_STREET, (DRINKING_ANEW, "Patrols on Fridays and Saturdays."), MOPEDS)),
    (2, look(HOE_STREET, BURGLARY)),
    (2, look(MARKETS)),
]
