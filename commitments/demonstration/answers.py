"""Who was asked about which recommendation, and what they answered: in time, late, otherwise later, or never."""

from commitments.choices import ResponsePosition
from commitments.demonstration.stage import Diary
from commitments.demonstration.steps import COUNCIL, ask, found_team, respond

POLICE_FORCE, COUNCIL_BODY, OVERSIGHT = "metropolitan-police", "waltham-forest-council", "mopac"
SAFETY, YOUTH, NEWS = "demo-community-safety", "demo-youth-services", "demo-communications"
SNT, NORTH, CENTRAL, SOUTH = (
    "wf-safer-neighbourhoods",
    "wf-safer-neighbourhoods-north",
    "wf-safer-neighbourhoods-central",
    "wf-safer-neighbourhoods-south",
)
ACCEPTED, PARTLY, REJECTED = (
    ResponsePosition.ACCEPTED,
    ResponsePosition.PARTLY_ACCEPTED,
    ResponsePosition.REJECTED,
)

DIARY: Diary = [
    (547, found_team(SAFETY, "Community Safety Team", COUNCIL_BODY)),
    (547, found_team(YOUTH, "Youth Services Team", COUNCIL_BODY)),
    (547, found_team(NEWS, "Residents' Communications Team", COUNCIL_BODY)),
    (540, ask(10, POLICE_FORCE)),
    (540, ask(5, POLICE_FORCE)),
    (540, ask(5, COUNCIL_BODY)),
    (540, ask(8, POLICE_FORCE)),
    (540, ask(4, POLICE_FORCE)),
    (538, ask(2, POLICE_FORCE)),
    (538, ask(6, COUNCIL_BODY)),
    (
        510,
        respond(
            10,
            POLICE_FORCE,
            ACCEPTED,
            "We accept this in full. Each of the three areas will say which hours on foot it plans, and report them.",
        ),
    ),
    (
        505,
        respond(
            5,
            POLICE_FORCE,
            PARTLY,
            "We will meet young people on their own ground every month and bring back what changed.",
            "We cannot place an officer in every youth club each week with the officers that we have.",
        ),
    ),
    (
        500,
        respond(
            5,
            COUNCIL_BODY,
            ACCEPTED,
            "Youth workers will open their rooms and take part in every meeting.",
            by=COUNCIL,
        ),
    ),
    (
        496,
        respond(
            8,
            POLICE_FORCE,
            REJECTED,
            "We do not plan further meetings at present.",
            "The ward panels exist already, and we see no need for more.",
        ),
    ),
    (
        487,
        respond(
            6,
            COUNCIL_BODY,
            ACCEPTED,
            "We accept, and will publish the places and hours of youth services twice a year.",
            by=COUNCIL,
        ),
    ),
    # Due 56 days after being asked: this answer comes 23 days late.
    (
        461,
        respond(
            4,
            POLICE_FORCE,
            PARTLY,
            "Every victim of the crimes named below will be called back with the name of who deals with the case.",
            "For thefts without a line of enquiry we can promise a message, but no call.",
        ),
    ),
    (
        430,
        respond(
            8,
            POLICE_FORCE,
            PARTLY,
            "After hearing from the ward panels we now accept walks and open meetings in each area.",
            "We cannot promise the same officer at every meeting.",
        ),
    ),
    (420, ask(3, POLICE_FORCE)),
    (420, ask(3, OVERSIGHT)),
    (
        400,
        respond(
            3,
            POLICE_FORCE,
            PARTLY,
            "We will write to everyone who complains about how their complaint stands.",
            "How misconduct is judged is set by law and is not ours to change here.",
        ),
    ),
    # The oversight body never answers 3, nor the police 1; 9 still has its time; 7 was put to nobody.
    (300, ask(1, POLICE_FORCE)),
    (
        250,
        respond(
            2,
            POLICE_FORCE,
            ACCEPTED,
            "New officers will spend days with community groups of the borough before their first patrol.",
        ),
    ),
    (30, ask(9, POLICE_FORCE)),
    (30, ask(9, COUNCIL_BODY)),
    (
        12,
        respond(
            9,
            COUNCIL_BODY,
            ACCEPTED,
            "We accept, and will share with the police the list of groups that we know.",
            by=COUNCIL,
        ),
    ),
]
