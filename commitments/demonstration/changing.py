"""Promises that become others or pass on: replaced, split, merged, handed over; owners corrected, a team renamed."""

from commitments.choices import Precision, Status
from commitments.demonstration.answers import COUNCIL_BODY, NEWS, NORTH, SAFETY, SNT, SOUTH, YOUTH
from commitments.demonstration.stage import Diary, Plan
from commitments.demonstration.steps import (
    COUNCIL,
    POLICE,
    accept,
    approve_correction,
    correct,
    found_team,
    hand_over,
    merge,
    publish,
    refuse_hand_over,
    reorganise,
    report,
    split,
    supersede,
    update,
)

VOICE = "demo-residents-voice"

DROP_IN = Plan(
    "drop-in",
    "A drop-in for young people on Thursdays",
    "Officers without uniform are at the youth centre every Thursday.",
    (5, 6),
    (SNT,),
    (120, Precision.MONTH),
    measure="Thursdays",
    target="All",
    proof="The centre's diary",
)
DROP_IN_ANEW = Plan(
    "drop-in anew",
    "A drop-in for young people, on two evenings",
    "Officers without uniform are at the youth centre on Tuesdays and Thursdays until nine.",
    (5, 6),
    (SNT, YOUTH),
    (-90, Precision.QUARTER),
    measure="Evenings",
    target="All",
    proof="The centre's diary",
)
ESTATES = Plan(
    "estates",
    "Meetings on every estate and in every market",
    "Each estate and each market has a meeting in the year.",
    (8, 9),
    (SNT,),
    (-40, Precision.YEAR),
)
ON_ESTATES = Plan(
    "on estates",
    "A meeting on every estate",
    "Each of the nine estates has a meeting in the year.",
    (8, 9),
    (NORTH, SOUTH),
    (-40, Precision.MONTH),
    measure="Estates",
    target="Nine",
    proof="Notes of each meeting",
)
IN_MARKETS = Plan(
    "in markets",
    "A table at every market",
    "Officers have a table at each market once a season.",
    (8,),
    (SNT,),
    (-100, Precision.QUARTER),
    measure="Markets and seasons",
    target="All",
    proof="Photographs",
)
ALERTS = Plan(
    "alerts", "Text messages after serious crimes", "Whoever asks for it gets a message.", (8,), (NEWS,)
)
LEAFLET = Plan(
    "leaflet", "A leaflet each season", "What was done in the ward, in every letter box.", (8,), (NEWS,)
)
ONE_NEWS = Plan(
    "one news",
    "One news service for residents, on paper and by message",
    "What was done in the ward and what happened there, within three days and in one voice.",
    (8,),
    (NEWS, SAFETY),
    (-200, Precision.SEASON),
    measure="Days from event to message",
    target="Three",
    proof="A sample read by the panel",
)
GUIDE = Plan(
    "guide",
    "A guide for victims, written with victims",
    "Eight pages that say what happens after a report, and when.",
    (4,),
    (SNT,),
    (-30, Precision.DAY),
    measure="Copies given out at reporting",
    target="All",
    proof="Stock lists",
)

DIARY: Diary = [
    (360, publish(DROP_IN)),
    (280, report("drop-in", "Held on most Thursdays.")),
    (215, report("drop-in", "Young people ask for a second evening.")),
    (
        172,
        correct(
            "drop-in",
            "drop-in named",
            "title",
            "A drop-in for young people every Thursday",
            "Plainer.",
            POLICE,
        ),
    ),
    (170, publish(DROP_IN_ANEW)),
    (168, supersede("drop-in", "drop-in anew", "Two evenings are a greater promise, so it is a new one.")),
    (160, accept("drop-in anew")),
    (100, report("drop-in anew", "Both evenings are held.")),
    (28, report("drop-in anew", "Both evenings were held in every week but one.")),
    (300, publish(ESTATES)),
    (220, report("estates", "Two estates so far.")),
    (200, split("estates", [ON_ESTATES, IN_MARKETS], "Estates and markets need different people.")),
    (130, update("on estates", Status.IN_PROGRESS, "Five estates.", by=POLICE)),
    (50, update("on estates", Status.IN_PROGRESS, "Seven estates.", by=POLICE)),
    (125, report("in markets", "Three markets.")),
    (112, hand_over("in markets", (YOUTH, SNT), "The council has a table at each market already.")),
    (107, refuse_hand_over("in markets", "A police table is what was promised, and it is not ours to keep.")),
    (48, report("in markets", "Every market, in one season.")),
    (290, publish(ALERTS, COUNCIL)),
    (288, publish(LEAFLET, COUNCIL)),
    (210, update("alerts", Status.IN_PROGRESS, "A provider is found.", by=COUNCIL)),
    (205, update("leaflet", Status.NOT_STARTED, "There is no money for it yet.", by=COUNCIL)),
    (150, merge("alerts", ["leaflet"], ONE_NEWS, "One service is easier to find, and to judge.")),
    (85, update("one news", Status.IN_PROGRESS, "The first season was told in one voice.", by=COUNCIL)),
    (61, found_team(VOICE, "Residents' Voice Team", COUNCIL_BODY)),
    (60, reorganise(NEWS, (VOICE,), "News and consultation are one team now.")),
    (320, publish(GUIDE)),
    (250, report("guide", "Four victims write with us.")),
    (180, hand_over("guide", (SAFETY, SNT), "Victims would rather write with the council than with us.")),
    (174, accept("guide")),
    (120, update("guide", Status.IN_PROGRESS, "A draft is being read by victims.", by="council-team")),
    (
        110,
        correct(
            "guide",
            "readers",
            "owners",
            f"{SAFETY}, {SNT}, {YOUTH}",
            "Youth services read along from the start and were left out by mistake.",
            "council-team",
        ),
    ),
    (104, approve_correction("readers")),
    (42, update("guide", Status.IN_PROGRESS, "The draft is at the printer's.", by="council-team")),
]
