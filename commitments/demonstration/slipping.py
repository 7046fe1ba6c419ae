"""Promises that slip: dates moved, refused and waiting, dates passed, silence, and one given up."""

from commitments.choices import Precision, Status
from commitments.demonstration.answers import CENTRAL, NEWS, SAFETY, SNT, YOUTH
from commitments.demonstration.stage import Diary, Plan
from commitments.demonstration.steps import (
    COUNCIL,
    POLICE,
    accept,
    add_milestone,
    approve_correction,
    approve_date,
    ask_for_date,
    correct,
    correct_step,
    finish,
    publish,
    refuse_correction,
    refuse_date,
    report,
    update,
)

FORUM = Plan(
    "forum",
    "A forum of young people that the police answer to",
    "Twelve young people meet officers every second month; each question is answered in writing by the next meeting.",
    (5,),
    (SNT, YOUTH),
    (210, Precision.SEASON),
    measure="Meetings with written answers",
    target="Six a year",
    proof="The minutes, agreed by the young people",
)
WALKS = Plan(
    "walks",
    "A walk through every ward with its residents",
    "An officer and a councillor walk each ward with whoever wants to come, and publish what was seen.",
    (8, 10),
    (SNT, CENTRAL),
    (260, Precision.QUARTER),
    measure="Wards walked",
    baseline="None",
    target="22",
    proof="The published notes of each walk",
)
BOARDS = Plan(
    "boards",
    "Notice boards that say who polices this ward",
    "A board in every ward with the names of its teams, how to reach them and what they did last month.",
    (8,),
    (NEWS,),
    (40, Precision.DAY),
    measure="Wards with a board",
    target="22",
    proof="A photograph of each board",
)
CARDS = Plan(
    "cards",
    "Contact cards for every household",
    "A card with the names and numbers of the ward's team, through every letter box.",
    (10,),
    (SNT,),
    (-150, Precision.YEAR),
)
LIGHTS = Plan(
    "lights",
    "Dark corners that residents named are lit",
    "The twenty corners that residents named are lit or cut back.",
    (7, 10),
    (SAFETY,),
    (230, Precision.MONTH),
    measure="Corners",
    baseline="None",
    target="20",
    proof="Photographs by night",
)
GATES = Plan(
    "gates",
    "A metal-detecting arch at the station every month",
    "Once a month, announced, with youth workers beside it.",
    (10,),
    (CENTRAL,),
    (200, Precision.YEAR),
    measure="Days with the arch",
    target="Twelve",
    proof="Announcements",
    wards=("Hoe Street",),
)
SURGERY = Plan(
    "surgery",
    "An open hour in every library",
    "An officer sits in each library for an hour a month, without appointment.",
    (8, 7),
    (SNT, SAFETY),
    (-10, Precision.MONTH),
    measure="Hours held",
    target="One a month and library",
    proof="The libraries' diaries",
)

DIARY: Diary = [
    (440, publish(FORUM)),
    (425, accept("forum")),
    (420, add_milestone("forum", "twelve", "Twelve young people are found", 360)),
    (420, add_milestone("forum", "first", "The first meeting has written answers", 250)),
    (420, add_milestone("forum", "sixth", "The sixth meeting has written answers", 60)),
    (370, report("forum", "Nine young people so far; schools ask for more time.")),
    (
        362,
        ask_for_date(
            "forum", "schools", 110, Precision.MONTH, "Schools ask for time to choose their pupils."
        ),
    ),
    (356, approve_date("schools")),
    (350, finish("twelve")),
    (300, report("forum", "Twelve young people met us twice.")),
    (
        296,
        update("forum", Status.IN_PROGRESS, "Youth workers prepare each meeting.", by=COUNCIL, team=YOUTH),
    ),
    (255, finish("first")),
    (
        235,
        ask_for_date("forum", "exams", 60, Precision.SEASON, "Examinations leave no evenings before summer."),
    ),
    (228, approve_date("exams")),
    (220, report("forum", "Three meetings, each with written answers.")),
    (140, report("forum", "Four meetings. One answer is still owed.")),
    (75, ask_for_date("forum", "a year", -250, Precision.YEAR, "We would like to be free of the season.")),
    (
        66,
        refuse_date("a year", "Nothing has happened that could not be foreseen; the promised season stands."),
    ),
    (58, report("forum", "Five meetings. The sixth is planned.")),
    (
        10,
        ask_for_date("forum", "sixth meeting", -70, Precision.MONTH, "The sixth meeting could not be held."),
    ),
    (5, report("forum", "The room was flooded on the evening of the sixth meeting.")),
    (430, publish(WALKS)),
    (428, add_milestone("walks", "half", "Eleven wards are walked", 330)),
    (350, report("walks", "Five wards.")),
    (322, finish("half")),
    (270, report("walks", "Twelve wards.")),
    (205, ask_for_date("walks", "winter", 170, Precision.MONTH, "Nobody comes to a walk in the dark.")),
    (198, refuse_date("winter", "Winter could be foreseen, and the date has passed already.")),
    (190, report("walks", "Fourteen wards.")),
    (110, report("walks", "Sixteen wards.")),
    (35, report("walks", "Seventeen wards.")),
    (230, publish(BOARDS, COUNCIL)),
    (226, add_milestone("boards", "design", "The board is designed with residents", 190, COUNCIL)),
    (226, add_milestone("boards", "ten", "Ten boards stand", 100, COUNCIL)),
    (186, correct_step("boards", "design", "a slip of the pen", 180, "The month was mistyped.", COUNCIL)),
    (184, approve_correction("a slip of the pen")),
    (182, finish("design", COUNCIL)),
    (160, update("boards", Status.IN_PROGRESS, "The board is designed; four stand.", by=COUNCIL)),
    (
        120,
        correct("boards", "plain", "measure", "Wards in which a board stands", "Plainer words.", COUNCIL),
    ),
    (115, approve_correction("plain")),
    (90, correct("boards", "fewer", "target", "12", "Twelve seem enough to us.", COUNCIL)),
    (84, refuse_correction("fewer", "Twelve for 22 is another promise, not another wording.")),
    (75, update("boards", Status.IN_PROGRESS, "Nine boards stand.", by=COUNCIL)),
    (15, correct("boards", "who", "proof", "A dated photograph of each board", "It was meant so.", COUNCIL)),
    (12, update("boards", Status.IN_PROGRESS, "Sixteen boards stand.", by=COUNCIL)),
    (260, publish(CARDS)),
    (170, update("cards", Status.IN_PROGRESS, "The cards are designed.")),
    (410, publish(LIGHTS, COUNCIL)),
    (330, update("lights", Status.IN_PROGRESS, "Eight corners are lit.", by="council-team")),
    (
        255,
        ask_for_date(
            "lights", "cable", 150, Precision.MONTH, "A cable has to be laid first.", "council-team"
        ),
    ),
    (248, approve_date("cable")),
    (240, update("lights", Status.IN_PROGRESS, "Twelve corners are lit.", by="council-team")),
    (380, publish(GATES)),
    (300, report("gates", "Four days so far.", by=POLICE)),
    (
        252,
        ask_for_date("gates", "gates later", 100, Precision.MONTH, "The arch is lent out.", by=POLICE),
    ),
    (
        245,
        update(
            "gates",
            Status.ABANDONED,
            "We give this up.",
            by=POLICE,
            reason="The arch was needed elsewhere, and residents told us that it kept young people away.",
        ),
    ),
    (95, publish(SURGERY)),
    (50, report("surgery", "Hours are held in three libraries.")),
    # The council, named as co-owner, has not said yes; that stays visible.
]
