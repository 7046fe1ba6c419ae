"""The page docs/lifecycle.md, drawn from the tables of `commitments.lifecycle`."""

from collections.abc import Iterable, Sequence

from commitments.choices import Status
from commitments.lifecycle import (
    CHALLENGE_REFUSALS,
    CHALLENGE_STEPS,
    COMMITMENT_STEPS,
    CORRECTION_STEPS,
    DATE_CHANGE_STEPS,
    HAND_OVER_STEPS,
    RECOMMENDATION_STEPS,
    RESPONSE_NEEDS,
    START,
    STATUS_NEEDS,
    Step,
)

PREFACE = """# Lifecycles: what may follow what

Drawn by `manage.py draw_lifecycle` from the tables in `commitments/lifecycle.py`. Change the tables, then draw anew; a
test compares the two. Steps taken by *the clock* are computed when someone reads, and never stored.
"""

SECTIONS: Sequence[tuple[str, str, Sequence[Step]]] = (
    (
        "A recommendation",
        "Computed from who was asked and who answered. A late answer is taken, and says by how many days it is late.",
        RECOMMENDATION_STEPS,
    ),
    (
        "A commitment",
        "No clock runs before an owner publishes or accepts. Handing over changes the owners and not the state.",
        COMMITMENT_STEPS,
    ),
    (
        "A hand-over to another body",
        "Until the other body says yes the owners stay owners. Among teams of one body it takes effect at once.",
        HAND_OVER_STEPS,
    ),
    (
        "A challenge",
        "The panel's opens at once; a resident's opens when enough others support it.",
        CHALLENGE_STEPS,
    ),
    (
        "A change of the due date",
        "One request waits at a time. Lateness that was recorded before the change stays recorded.",
        DATE_CHANGE_STEPS,
    ),
    (
        "A correction",
        "Both wordings stay readable. Recommendations and updates are corrected at once, commitments with approval.",
        CORRECTION_STEPS,
    ),
)


def lifecycle_page() -> str:
    """The whole page, in Markdown with Mermaid drawings."""
    drawn = [_section(title, sentence, steps) for title, sentence, steps in SECTIONS]
    return "\n".join([PREFACE, *drawn, _status(), _responses(), _refusals()])


def _section(title: str, sentence: str, steps: Sequence[Step]) -> str:
    rows = [(step.verb, _list(step.sources), f"`{step.target}`", step.who) for step in steps]
    return f"## {title}\n\n{sentence}\n\n{_drawing(steps)}\n{_table(('step', 'from', 'to', 'by'), rows)}"


def _drawing(steps: Sequence[Step]) -> str:
    arrows = [
        f"    {_place(source)} --> {step.target}: {step.verb}" for step in steps for source in step.sources
    ]
    left = {source for step in steps for source in step.sources}
    ends = [
        f"    {target} --> [*]"
        for target in dict.fromkeys(step.target for step in steps)
        if target not in left
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, *ends, "```", ""])


def _status() -> str:
    words = list(Status)
    rows = [
        (
            f"`{present}`" if present else "*nothing said*",
            *(_needs(STATUS_NEEDS[present][to]) for to in words),
        )
        for present in STATUS_NEEDS
    ]
    sentence = "What the lead says. Any move is possible; the table says what it must bring."
    head = ("from, to", *(f"`{word}`" for word in words))
    return f"## The owner's status\n\n{sentence}\n\n{_table(head, rows)}"


def _responses() -> str:
    rows = [(f"`{stance}`", _needs(needs)) for stance, needs in RESPONSE_NEEDS.items()]
    return f"## A response\n\nWhat an answer must bring.\n\n{_table(('position', 'needs'), rows)}"


def _refusals() -> str:
    rows = [
        (verb, f"`{state}`", f"`{refusal.code}`")
        for verb, by_state in CHALLENGE_REFUSALS.items()
        for state, refusal in by_state.items()
    ]
    sentence = "Why a step of a challenge is refused (409), by the state that is shown."
    return f"## Refused steps of a challenge\n\n{sentence}\n\n{_table(('step', 'state', 'code'), rows)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _place(state: str) -> str:
    return "[*]" if state == START else state


def _list(states: Sequence[str]) -> str:
    return ", ".join("–" if state == START else f"`{state}`" for state in states)


def _needs(needs: frozenset[str]) -> str:
    return " and ".join(sorted(needs)) or "–"
