"""Promises that go as promises should, or that have only begun: verified, on track, claimed, not started, no word."""

from commitments.choices import Finding, HidingGround, Outcome, Precision, Status
from commitments.demonstration.answers import NEWS, NORTH, SAFETY, SNT, SOUTH, YOUTH
from commitments.demonstration.stage import Diary, Plan
from commitments.demonstration.steps import (
    COUNCIL,
    POLICE,
    accept,
    add_milestone,
    admit,
    challenge,
    claim,
    correct_update,
    find,
    finish,
    publish,
    refuse_challenge,
    reply,
    report,
    resolve,
    support,
    update,
    withdraw,
)

PATROLS = Plan(
    "patrols",
    "Evening patrols on foot along the High Street",
    "Two officers walk the High Street and its side streets on every Friday and Saturday evening.",
    (10,),
    (SNT, NORTH),
    (150, Precision.MONTH),
    measure="Evenings on which two officers were on foot for three hours",
    baseline="None was recorded before",
    target="Nine evenings in ten, over three months",
    proof="The published duty log, and counts by residents of the ward panel",
    wards=("High Street", "Hoe Street"),
)
SCHOOLS = Plan(
    "schools",
    "One school visit a month in each area",
    "An officer whom pupils know by name takes part in a lesson or a lunch break, every month, in each of the areas.",
    (5,),
    (SNT,),
    (-20, Precision.DAY),
    measure="Visits a month and area",
    target="One",
    proof="The schools' own visitor books",
)
TRANSLATION = Plan(
    "translation",
    "Ward news in the languages of the ward",
    "What the Safer Neighbourhoods Teams tell residents is also published in the four languages most spoken there.",
    (9, 8),
    (NEWS,),
    (0, Precision.ONGOING),
    measure="Notices published in four languages",
)
HOURS = Plan(
    "hours",
    "Youth club hours are published twice a year",
    "One list of all places and hours, in spring and in autumn, on paper in every library.",
    (6,),
    (YOUTH,),
    (-120, Precision.SEASON),
    measure="Lists published",
    target="Two a year",
    proof="The lists",
)
MENTORS = Plan(
    "mentors",
    "Sergeants spend a day with youth workers",
    "Every sergeant of the borough works beside a youth worker for one day.",
    (5, 2),
    (SNT, YOUTH),
    (-300, Precision.YEAR),
    target="All sergeants",
)
MINUTES = Plan(
    "minutes",
    "Minutes of ward panels within two weeks",
    "The minutes of each ward panel stand on its page two weeks after the meeting.",
    (8,),
    (SOUTH,),
    (-160, Precision.QUARTER),
    wards=("Leyton", "Cann Hall"),
)
BIKES = Plan(
    "bikes",
    "Bicycle marking in every ward",
    "A morning of free bicycle marking in each of the wards, announced two weeks before.",
    (7,),
    (SAFETY,),
    (-60, Precision.MONTH),
    measure="Wards with such a morning",
    baseline="Three",
    target="All 22",
    proof="Announcements, and the numbers of marked bicycles",
)

DIARY: Diary = [
    (470, publish(PATROLS)),
    (468, add_milestone("patrols", "rota", "A rota for both teams is agreed", 430)),
    (468, add_milestone("patrols", "log", "The duty log is published every month", 380)),
    (440, report("patrols", "The rota stands. The first evenings were walked by both teams.")),
    (435, finish("rota")),
    (
        400,
        update("patrols", Status.IN_PROGRESS, "North walked every planned evening.", by=POLICE, team=NORTH),
    ),
    (372, report("patrols", "The first duty log is out, a week later than planned.")),
    (371, finish("log")),
    (290, report("patrols", "Seven evenings in ten so far; sickness took the rest.")),
    (
        288,
        correct_update(
            "patrols", "Seven evenings in ten so far; three were lost to sickness.", "Clearer words."
        ),
    ),
    (215, report("patrols", "Nine evenings in ten in each of the last two months.")),
    (170, claim("patrols", "Nine evenings in ten for three months in a row.", "Duty log of three months")),
    (158, find("patrols", Finding.VERIFIED, "We compared the log with our own counts on eleven evenings.")),
    (150, challenge("patrols", "side streets", "On the side streets we saw nobody after nine.", "resident2")),
    (147, admit("side streets")),
    (145, support("side streets", 3, 4, 5, 6, 7)),
    (130, reply("side streets", "Side streets were walked before nine; the promise names no hour for them.")),
    (
        118,
        resolve(
            "side streets", Outcome.NOT_UPHELD, "The log shows the side streets on nine evenings in ten."
        ),
    ),
    (240, publish(SCHOOLS)),
    (238, add_milestone("schools", "list", "Every school has named a contact", 200)),
    (205, report("schools", "All but one school have named a contact.")),
    (199, finish("list")),
    (130, report("schools", "Visits began in two areas.")),
    (60, report("schools", "Visits in all three areas, one of them cancelled by the school.")),
    (9, claim("schools", "Every area had its visit in each of three months.", "Visitor books, copied")),
    (8, challenge("schools", "one school", "The visits went to one school only, twice.", "resident8")),
    (7, admit("one school")),
    (6, support("one school", 9, 10)),
    (6, challenge("schools", "too early", "Three months are too short to say so.", "resident11")),
    (5, withdraw("too early", "resident11")),
    (5, challenge("schools", "named", "Ask the caretaker, by name, at our school.", "resident13")),
    (4, refuse_challenge("named", HidingGround.PERSONAL_DATA)),
    (3, challenge("schools", "unread", "At our school nobody knows of any visit.", "resident12")),
    (330, publish(TRANSLATION, COUNCIL)),
    (300, update("translation", Status.IN_PROGRESS, "Two languages have begun.", by=COUNCIL)),
    (225, update("translation", Status.IN_PROGRESS, "Four languages, in half of the wards.", by=COUNCIL)),
    (140, update("translation", Status.IN_PROGRESS, "Four languages in every ward.", by=COUNCIL)),
    (
        55,
        update("translation", Status.IN_PROGRESS, "All notices of this season were translated.", by=COUNCIL),
    ),
    (180, publish(HOURS, COUNCIL)),
    (110, update("hours", Status.IN_PROGRESS, "The first list is at the printer's.", by=COUNCIL)),
    (40, update("hours", Status.IN_PROGRESS, "The first list is in every library.", by=COUNCIL)),
    (90, publish(MENTORS)),
    (70, accept("mentors")),
    (45, update("mentors", Status.NOT_STARTED, "The dates are being agreed with youth workers.")),
    (25, publish(MINUTES)),
    (120, publish(BIKES, COUNCIL)),
    (
        80,
        update(
            "bikes", Status.IN_PROGRESS, "Eight wards done.", by="council-team", evidence=["Map of dates"]
        ),
    ),
    (20, update("bikes", Status.IN_PROGRESS, "Seventeen wards done.", by="council-team")),
]
