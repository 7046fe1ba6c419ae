"""One step of a story each: the name of who acts, and the action."""

from collections.abc import Sequence
from datetime import date

from accounts.actions import publish_team
from commitments import actions
from commitments.choices import Finding, Outcome, Precision, ResponsePosition, Status
from commitments.demonstration.stage import Plan, Stage, Step, sentence, title
from commitments.promises import EvidenceLink

CONVENOR, PANEL, POLICE, TEAM, COUNCIL = "convenor", "panel", "responder", "team", "council"


def found_team(slug: str, name: str, body: str) -> Step:
    """The convenor enters an invented team."""

    def step(stage: Stage, today: date) -> None:
        by, organisation = stage.person(CONVENOR), stage.organisation(body)
        publish_team(slug, by=by, today=today, name=title(name), organisation=organisation)

    return step


def ask(number: int, body: str) -> Step:
    """The convenor asks a body."""
    return lambda stage, today: actions.ask(
        stage.recommendation(number),
        by=stage.person(CONVENOR),
        today=today,
        organisation=stage.organisation(body),
    )


def respond(
    number: int, body: str, stance: ResponsePosition, text: str, reason: str = "", by: str = POLICE
) -> Step:
    """A body answers."""
    return lambda stage, today: actions.respond(
        stage.recommendation(number),
        by=stage.person(by),
        today=today,
        organisation=stage.organisation(body),
        stance=stance,
        body=sentence(text),
        reason=sentence(reason),
    )


def publish(plan: Plan, by: str = POLICE) -> Step:
    """A body promises."""

    def step(stage: Stage, today: date) -> None:
        promise = stage.promise(plan)
        stage.commitments[plan.key] = actions.publish_commitment(
            stage.assembly, by=stage.person(by), today=today, promise=promise
        )

    return step


def accept(key: str, by: str = COUNCIL) -> Step:
    """A co-owner says yes."""
    return lambda stage, today: actions.accept(stage.commitment(key), by=stage.person(by), today=today)


def update(
    key: str,
    status: Status,
    text: str,
    *,
    by: str = TEAM,
    team: str | None = None,
    reason: str = "",
    evidence: Sequence[str] = (),
) -> Step:
    """An owner reports; `evidence` are titles of documents that nobody wrote."""

    def step(stage: Stage, today: date) -> None:
        stage.updates[key] = actions.post_update(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            body=sentence(text),
            status=status,
            team=team,
            reason=sentence(reason),
            evidence=[_link(one, key, today) for one in evidence],
        )

    return step


def report(key: str, text: str, by: str = TEAM, team: str | None = None) -> Step:
    """An owner says that work goes on."""
    return update(key, Status.IN_PROGRESS, text, by=by, team=team)


def claim(key: str, text: str, evidence: str, by: str = TEAM) -> Step:
    """The lead claims completion, and shows something."""
    return update(key, Status.COMPLETED, text, by=by, evidence=[evidence])


def add_milestone(key: str, name: str, text: str, due_ago: int, by: str = TEAM) -> Step:
    """An owner sets a dated step."""

    def step(stage: Stage, today: date) -> None:
        stage.milestones[name] = actions.add_milestone(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            title=title(text),
            due_on=stage.day(due_ago),
        )

    return step


def finish(name: str, by: str = TEAM) -> Step:
    """An owner says that a step is done."""
    return lambda stage, today: actions.finish_milestone(
        stage.milestones[name], by=stage.person(by), today=today
    )


def ask_for_date(key: str, name: str, ago: int, precision: Precision, reason: str, by: str = TEAM) -> Step:
    """An owner asks for another due date."""

    def step(stage: Stage, today: date) -> None:
        stage.changes[name] = actions.request_due_date(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            due=stage.due(ago, precision),
            reason=sentence(reason),
        )

    return step


def approve_date(name: str, reason: str = "The reason is plain, and the first date stays on show.") -> Step:
    """The convenor agrees to another date."""
    return lambda stage, today: actions.approve_due_date(
        stage.changes[name], by=stage.person(CONVENOR), today=today, reason=sentence(reason)
    )


def refuse_date(name: str, reason: str) -> Step:
    """The convenor refuses another date."""
    return lambda stage, today: actions.refuse_due_date(
        stage.changes[name], by=stage.person(CONVENOR), today=today, reason=sentence(reason)
    )


def correct(key: str, name: str, field: str, text: str, reason: str, by: str = TEAM) -> Step:
    """An owner asks for a corrected wording."""

    def step(stage: Stage, today: date) -> None:
        words = text if field == "owners" else title(text) if field == "title" else sentence(text)
        stage.corrections[name] = actions.correct_commitment(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            field=field,
            text=words,
            reason=sentence(reason),
        )

    return step


def correct_step(key: str, milestone: str, name: str, ago: int, reason: str, by: str = TEAM) -> Step:
    """An owner asks for a corrected date of a milestone."""

    def step(stage: Stage, today: date) -> None:
        stage.corrections[name] = actions.correct_commitment(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            field="milestone",
            text=stage.day(ago).isoformat(),
            reason=sentence(reason),
            milestone=stage.milestones[milestone],
        )

    return step


def approve_correction(name: str) -> Step:
    """The convenor agrees that the meaning is the same."""
    return lambda stage, today: actions.approve_correction(
        stage.corrections[name], by=stage.person(CONVENOR), today=today
    )


def refuse_correction(name: str, reason: str) -> Step:
    """The convenor finds that the meaning would change."""
    return lambda stage, today: actions.refuse_correction(
        stage.corrections[name], by=stage.person(CONVENOR), today=today, reason=sentence(reason)
    )


def correct_update(key: str, text: str, reason: str, by: str = TEAM) -> Step:
    """A team corrects the words of its last update."""
    return lambda stage, today: actions.correct_update(
        stage.updates[key],
        by=stage.person(by),
        today=today,
        field="body",
        text=sentence(text),
        reason=sentence(reason),
    )


def find(key: str, finding: Finding, reason: str) -> Step:
    """The panel judges the present claim."""
    return lambda stage, today: actions.verify(
        stage.commitment(key),
        by=stage.person(PANEL),
        today=today,
        claim=stage.updates[key],
        finding=finding,
        reason=sentence(reason),
    )


def challenge(key: str, name: str, reason: str, by: str = "resident1") -> Step:
    """A resident (or the panel) disputes the present claim."""

    def step(stage: Stage, today: date) -> None:
        stage.challenges[name] = actions.challenge_claim(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            claim=stage.updates[key],
            reason=sentence(reason),
        )

    return step


def admit(name: str) -> Step:
    """The convenor has read the words."""
    return lambda stage, today: actions.admit(stage.challenges[name], by=stage.person(CONVENOR), today=today)


def refuse_challenge(name: str, ground: str) -> Step:
    """The convenor has read the words, and does not admit them."""
    return lambda stage, today: actions.refuse_challenge(
        stage.challenges[name], by=stage.person(CONVENOR), today=today, ground=ground
    )


def support(name: str, *residents: int) -> Step:
    """Residents add their voices."""

    def step(stage: Stage, today: date) -> None:
        for number in residents:
            actions.support(stage.challenges[name], by=stage.person(f"resident{number}"), today=today)

    return step


def withdraw(name: str, by: str = "resident1") -> Step:
    """Who proposed it takes it back."""
    return lambda stage, today: actions.withdraw(stage.challenges[name], by=stage.person(by), today=today)


def reply(name: str, text: str, by: str = TEAM) -> Step:
    """An owner answers a challenge."""
    return lambda stage, today: actions.reply(
        stage.challenges[name], by=stage.person(by), today=today, body=sentence(text)
    )


def resolve(name: str, outcome: Outcome, reason: str) -> Step:
    """The convenor decides."""
    return lambda stage, today: actions.resolve(
        stage.challenges[name],
        by=stage.person(CONVENOR),
        today=today,
        outcome=outcome,
        reason=sentence(reason),
    )


def hand_over(key: str, owners: Sequence[str], reason: str) -> Step:
    """The lead's body passes a commitment on."""
    return lambda stage, today: actions.hand_over(
        stage.commitment(key),
        by=stage.person(POLICE),
        today=today,
        owners=stage.owners(owners),
        reason=sentence(reason),
    )


def refuse_hand_over(key: str, reason: str, by: str = COUNCIL) -> Step:
    """The body that is asked says no."""
    return lambda stage, today: actions.refuse_hand_over(
        stage.commitment(key), by=stage.person(by), today=today, reason=sentence(reason)
    )


def reorganise(team: str, successors: Sequence[str], reason: str, by: str = COUNCIL) -> Step:
    """A team ends, and others take over what it owned."""

    def step(stage: Stage, today: date) -> None:
        ended, *heirs = (owner.team for owner in stage.owners([team, *successors]) if owner.team)
        actions.reorganise(ended, by=stage.person(by), today=today, successors=heirs, reason=sentence(reason))

    return step


def supersede(key: str, successor: str, reason: str) -> Step:
    """A promise is replaced by a later one."""
    return lambda stage, today: actions.supersede(
        stage.commitment(key),
        by=stage.person(POLICE),
        today=today,
        successor=stage.commitment(successor),
        reason=sentence(reason),
    )


def split(key: str, parts: Sequence[Plan], reason: str) -> Step:
    """A promise becomes several."""

    def step(stage: Stage, today: date) -> None:
        promises = [stage.promise(part) for part in parts]
        later = actions.split(
            stage.commitment(key),
            by=stage.person(POLICE),
            today=today,
            parts=promises,
            reason=sentence(reason),
        )
        stage.commitments |= {part.key: made for part, made in zip(parts, later, strict=True)}

    return step


def merge(key: str, others: Sequence[str], plan: Plan, reason: str, by: str = COUNCIL) -> Step:
    """Several promises become one."""

    def step(stage: Stage, today: date) -> None:
        stage.commitments[plan.key] = actions.merge(
            stage.commitment(key),
            by=stage.person(by),
            today=today,
            others=[stage.commitment(other) for other in others],
            promise=stage.promise(plan),
            reason=sentence(reason),
        )

    return step


def _link(name: str, key: str, today: date) -> EvidenceLink:
    return EvidenceLink(title=title(name), url=f"https://example.org/invented/{key}/{today}", dated=today)
