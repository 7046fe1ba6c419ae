"""What was promised and what became of it: commitments, six updates each, findings and challenges, in their time."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bench.ledger import days, stamped
from bench.tables import Row
from bench.world import Asking, Meeting, Member, World
from commitments import events
from commitments.models import (
    Answering,
    Challenge,
    Commitment,
    CommitmentArea,
    Evidence,
    Milestone,
    Owner,
    ProgressUpdate,
    Verification,
)

UPDATES = 6
RHYTHM, TO_VERIFY, TO_REPLY = 120, 28, 28
ENDS = (("in_progress", 52), ("completed", 30), ("not_started", 12), ("abandoned", 6))
FINDINGS = (("verified", 60), ("partly_verified", 25), ("not_verified", 15))


class Promised:
    """A commitment while its story goes on: its row, and what its later rows need."""

    __slots__ = ("co_owner", "lead", "meeting", "owners", "row")

    def __init__(self, meeting: Meeting, row: Row, lead: Member, co_owner: Member | None) -> None:
        self.meeting, self.row, self.lead, self.co_owner = meeting, row, lead, co_owner
        self.owners: list[Row] = []

    @property
    def subject(self) -> str:
        """How entries name it."""
        return f"commitment:{self.row['reference']}"


class Story:
    """Tells the whole of it, phase after phase, each through all assemblies by turns."""

    def __init__(self, world: World, size: int) -> None:
        self.world, self.random, self.ledger, self.put = world, world.random, world.ledger, world.put
        self._keys: Counter[str] = Counter()
        meetings = world.meetings
        self.promised = [self._publish(pk, meetings[pk % len(meetings)]) for pk in range(1, size + 1)]
        for turn in range(1, UPDATES + 1):
            for one in self.promised:
                self._update(one, turn)
        for one in self.promised:
            if one.row["claim_id"]:
                self._judge(one)
        self._finish()

    def _key(self, name: str) -> int:
        self._keys[name] += 1
        return self._keys[name]

    def _pick(self, among: tuple[tuple[str, int], ...]) -> str:
        return self.random.choices([name for name, _ in among], [weight for _, weight in among])[0]

    # --- Promising ---

    def _publish(self, pk: int, meeting: Meeting) -> Promised:
        meeting.commitments += 1
        number = meeting.commitments
        random, text = self.random, self.world.title
        reference = f"{meeting.prefix}-C{number:03d}"
        today = self.ledger.today
        row: Row = {"id": pk, "reference": reference, "assembly_id": meeting.pk, "number": number}
        row |= {"title": text(9), "body": text(35), "stage": "published", "accepted_on": today}
        if random.random() < 0.7:
            row |= {"measure": text(6), "target": text(4), "proof": text(5), "baseline": text(4)}
        due = date(2025, 6, 30).toordinal() + random.randrange(900) if random.random() < 0.9 else 0
        if due:
            on = date.fromordinal(due)
            row |= {"due_on": on, "first_due_on": on, "due_precision": "day", "due_text": f"by {on.year}"}
        row |= {"update_due_on": days(RHYTHM, today), "clock_moved_on": today, "claim_id": None}
        lead = random.choice(random.choice(meeting.bodies[:2]).teams)
        co_owner = random.choice(meeting.bodies[2].teams) if random.random() < 0.35 else None
        one = Promised(meeting, row, lead, co_owner)
        answered = self._answering(one)
        wards = self._wards(one)
        self._record(one, answered, wards)
        if random.random() < 0.5:
            self._milestone(one, date.fromordinal(due or 739800))
        return one

    def _answering(self, one: Promised) -> list[Asking]:
        among = one.meeting.recommendations
        chosen = [among[(one.row["number"] - 1) % len(among)]]
        if self.random.random() < 0.25:
            chosen.append(self.random.choice(among))
        answered = list({asking.pk: asking for asking in chosen}.values())
        for asking in answered:
            link = {"id": self._key("answering"), "commitment_id": one.row["id"]}
            self.put(Answering, {**link, "recommendation_id": asking.pk})
        return answered

    def _wards(self, one: Promised) -> list[str]:
        wards = self.random.sample(self.world.places, self.random.choice((1, 1, 2)))
        for ward in wards:
            link = {"id": self._key("placed"), "commitment_id": one.row["id"], "area_id": ward.pk}
            self.put(CommitmentArea, link)
        return sorted(ward.code for ward in wards)

    def _record(self, one: Promised, answered: list[Asking], wards: list[str]) -> None:
        row, teams = one.row, [team for team in (one.lead, one.co_owner) if team]
        facts = {
            "assembly": one.meeting.slug,
            "recommendations": [asking.reference for asking in answered],
            "owners": [self._owner(one, team) for team in teams],
            "areas": wards,
            "due": {"on": iso(row.get("due_on")), "precision": row.get("due_precision")},
            "stage": "published",
            "measurable": "measure" in row and "due_on" in row,
            "update_due_on": iso(row["update_due_on"]),
        }
        words = {name: row.get(name, "") for name in events.WORDS_OF_A_COMMITMENT}
        row |= self.ledger.append(
            events.COMMITMENT_PUBLISHED,
            one.subject,
            actor=f"organisation:{one.lead.body.slug}",
            facts=facts,
            words=words,
            assembly=one.meeting.slug,
        )
        said = " ".join(words[name] for name in events.WORDS_OF_A_COMMITMENT[1:] if words[name])
        title = f"{row['reference'].lower().replace('-', ' ')} {row['title'].lower()}"
        self.world.index(one.meeting.pk, {"commitment_id": row["id"]}, title, said.lower())

    def _owner(self, one: Promised, team: Member) -> dict[str, Any]:
        lead, accepted_on = team is one.lead, one.row["accepted_on"]
        row = {"id": self._key("owner"), "commitment_id": one.row["id"], "organisation_id": team.body.pk}
        one.owners.append({**row, "team_id": team.pk, "lead": lead, "accepted_on": accepted_on})
        told = {"team": team.slug, "organisation": team.body.slug}
        return {**told, "lead": lead, "accepted_on": iso(accepted_on)}

    def _milestone(self, one: Promised, due_on: date) -> None:
        key, title = self.world.uuid(), self.world.title(4)
        stamp = self.ledger.append(
            events.MILESTONE_ADDED,
            f"milestone:{key}",
            actor=f"team:{one.lead.slug}",
            facts={"commitment": one.row["reference"], "due_on": due_on.isoformat()},
            words={"title": title},
            root=one.subject,
            assembly=one.meeting.slug,
        )
        row = {"id": key, "commitment_id": one.row["id"], "title": title}
        self.put(Milestone, {**row, "due_on": due_on, "first_due_on": due_on, **stamp})

    # --- Reporting ---

    def _update(self, one: Promised, turn: int) -> None:
        by_lead = turn != UPDATES - 1 or one.co_owner is None
        team = one.lead if by_lead or one.co_owner is None else one.co_owner
        status = self._status(one, turn)
        today, key = self.ledger.today, self.world.uuid()
        is_claim = by_lead and status == "completed"
        row: Row = {"id": key, "commitment_id": one.row["id"], "team_id": team.pk, "author_id": team.user}
        row |= {"posted_on": today, "lead": by_lead, "is_claim": is_claim, "body": self.world.title(24)}
        row |= {"status": status if by_lead else None, "team_status": None if by_lead else status}
        row["reason"] = self.world.title(8) if status == "abandoned" else ""
        one.row["update_due_on"] = days(RHYTHM, today)
        links = self._evidence(key)
        stamp = self._record_update(one, row, team, links)
        self.put(ProgressUpdate, {**row, **stamp})
        self.world.index(
            one.meeting.pk, {"update_id": key}, "", f"{row['body']} {row['reason']}".strip().lower()
        )
        self._move(one, row, stamp["updated_at"])
        if status == "abandoned":
            facts, words = {"update": str(key)}, {"reason": row["reason"]}
            self._touch(one, events.COMMITMENT_ABANDONED, f"team:{team.slug}", facts, words)

    def _status(self, one: Promised, turn: int) -> str:
        if turn == UPDATES:
            return self._pick(ENDS)
        return "not_started" if turn == 1 else "in_progress"

    def _evidence(self, update: UUID) -> list[Row]:
        links = []
        for order in range(self.random.choice((0, 1, 1, 2))):
            link = {
                "id": self.world.uuid(),
                "update_id": update,
                "title": self.world.title(4),
                "order": order,
            }
            links.append({**link, "url": f"https://example.org/evidence/{update.hex[:12]}/{order}"})
            self.put(Evidence, links[-1])
        return links

    def _record_update(self, one: Promised, row: Row, team: Member, links: list[Row]) -> Row:
        facts = {
            "commitment": one.row["reference"],
            "team": team.slug,
            "lead": row["lead"],
            "status": row["status"],
            "team_status": row["team_status"],
            "claim": row["is_claim"],
            "verify_by": iso(days(TO_VERIFY, row["posted_on"])) if row["is_claim"] else None,
            "update_due_on": iso(one.row["update_due_on"]),
            "evidence": [{"dated": None} for _ in links],
        }
        words = {"body": row["body"], "reason": row["reason"]}
        words["evidence_titles"] = "\n".join(link["title"] for link in links)
        words["evidence_urls"] = "\n".join(link["url"] for link in links)
        return self.ledger.append(
            events.UPDATE_POSTED,
            f"update:{row['id']}",
            actor=f"team:{team.slug}",
            facts=facts,
            words=words,
            root=one.subject,
            assembly=one.meeting.slug,
        )

    def _move(self, one: Promised, update: Row, at: datetime) -> None:
        row = one.row
        if update["lead"]:
            row |= {"status": update["status"], "status_at": at}
        else:
            one.owners[1] |= {"team_status": update["team_status"], "team_status_at": at}
        if update["is_claim"]:
            today = update["posted_on"]
            row |= {"claim_id": update["id"], "claimed_on": today, "verify_by": days(TO_VERIFY, today)}
        row |= {"last_update_at": at, "clock_moved_on": update["posted_on"], "version": row["version"] + 1}
        self._changed(one)

    def _changed(self, one: Promised) -> None:
        one.row |= {"updated_at": self.ledger.at, "updated_position": self.ledger.position}

    def _touch(self, one: Promised, event: Any, actor: str, facts: Row, words: dict[str, str]) -> None:
        self.ledger.append(
            event, one.subject, actor=actor, facts=facts, words=words, assembly=one.meeting.slug
        )
        one.row["version"] += 1
        self._changed(one)

    # --- Judging ---

    def _judge(self, one: Promised) -> None:
        if self.random.random() < 0.5:
            self._verify(one)
        if self.random.random() < 0.2:
            self._challenge(one)

    def _verify(self, one: Promised) -> None:
        key, reason, finding = self.world.uuid(), self.world.title(14), self._pick(FINDINGS)
        facts = {"commitment": one.row["reference"], "claim": str(one.row["claim_id"]), "finding": finding}
        stamp = self.ledger.append(
            events.VERIFICATION_PUBLISHED,
            f"verification:{key}",
            actor=f"panel:{one.meeting.slug}",
            facts=facts,
            words={"reason": reason},
            root=one.subject,
            assembly=one.meeting.slug,
        )
        row = {"id": key, "commitment_id": one.row["id"], "claim_id": one.row["claim_id"], "reason": reason}
        row |= {"finding": finding, "verified_by_id": one.meeting.panel, "claimed_by_id": one.lead.user}
        self.put(Verification, {**row, "found_on": self.ledger.today, **stamp})
        one.row["finding"] = finding
        if finding != "verified":
            one.row["refuted_on"] = self.ledger.today
        self._changed(one)

    def _challenge(self, one: Promised) -> None:
        key, reason, today = self.world.uuid(), self.world.title(16), self.ledger.today
        reply_due_on = days(TO_REPLY, today)
        facts = {"commitment": one.row["reference"], "claim": str(one.row["claim_id"]), "voice": "panel"}
        told = {"root": one.subject, "assembly": one.meeting.slug}
        stamp = self.ledger.append(
            events.CHALLENGE_OPENED,
            f"challenge:{key}",
            actor=f"panel:{one.meeting.slug}",
            facts={**facts, "supporters": 0, "reply_due_on": reply_due_on.isoformat()},
            words={"reason": reason},
            **told,
        )
        row = {"id": key, "commitment_id": one.row["id"], "claim_id": one.row["claim_id"], "voice": "panel"}
        row |= {"proposer_id": one.meeting.panel, "reason": reason, "reason_shown": True, "state": "open"}
        row |= {"proposed_on": today, "opened_on": today, "reply_due_on": reply_due_on, **stamp}
        if self.random.random() < 0.6:
            row |= self._reply(one, key, told)
        one.row |= {"disputed": True, "open_challenges": 1}
        self.put(Challenge, row)
        self._changed(one)

    def _reply(self, one: Promised, key: UUID, told: dict[str, str]) -> Row:
        reply = self.world.title(18)
        facts = {"commitment": one.row["reference"], "team": one.lead.slug, "late_by_days": 0}
        actor = f"team:{one.lead.slug}"
        self.ledger.append(
            events.CHALLENGE_ANSWERED,
            f"challenge:{key}",
            actor=actor,
            facts=facts,
            words={"reply": reply},
            **told,
        )
        changed = stamped(self.ledger.position, self.ledger.at)
        answer = {"state": "answered", "reply": reply, "replied_by_id": one.lead.pk, "late_by_days": 0}
        answer |= {"answered_on": self.ledger.today, "version": 2, "updated_at": changed["updated_at"]}
        return {**answer, "updated_position": changed["updated_position"]}

    # --- Writing what moved all along ---

    def _finish(self) -> None:
        for one in self.promised:
            self.put(Commitment, one.row)
            for owner in one.owners:
                self.put(Owner, owner)


def iso(day: date | None) -> str | None:
    """A day as entries write it."""
    return day.isoformat() if day else None
