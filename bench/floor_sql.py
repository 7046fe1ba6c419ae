"""The questions of the floor: the same rows as the service asks for, and SQL that makes their JSON.

Which rows, in which order, and what the clock decides comes from the models' own querysets (`bench.questions`); what
stands beside them is fetched by subqueries here.
"""

from bench.dialects import Dialect
from commitments.choices import ChallengeState

RESIDENTS = ("period", "n", "mean", "low", "high")
WORDS = ("body", "measure", "baseline", "target", "proof")
URL = "/api/v1/"


class Commitments:
    """Writes the questions about commitments in one dialect, of one day."""

    def __init__(self, dialect: Dialect, today: str) -> None:
        self.d = dialect
        self.today = dialect.day(today)

    def listed(self, rows: str) -> str:
        """The cards of these rows, in their order."""
        return f"SELECT CAST({self.d.all(self.d.obj(**self._card()), f'FROM ({rows}) AS c')} AS TEXT)"

    def detail(self, rows: str) -> str:
        """One commitment with all that belongs to it."""
        members = {**self._card(), **self._more()}
        return f"SELECT CAST({self.d.obj(**members)} AS TEXT) FROM ({rows}) AS c"

    def recorded(self, of: str) -> dict[str, str]:
        """What every recorded thing carries."""
        return {
            "invented": self.d.flag(f"{of}.invented"),
            "published_at": self.d.at(f"{of}.published_at"),
            "updated_at": self.d.at(f"{of}.updated_at"),
        }

    def _card(self) -> dict[str, str]:
        d = self.d
        plain = ("reference", "title", "position", "status", "standing", "update_due_on", "open_challenges")
        return {
            **{name: f"c.{name}" for name in plain},
            "url": f"'{URL}commitments/' || c.reference || '/'",
            "assembly": "c.assembly_slug",
            "themes": self._themes(),
            "recommendations": d.all(d.text("r.reference"), self._answered("ORDER BY r.position")),
            "areas": d.all(
                d.obj(code="a.code", name="a.name"),
                "FROM commitments_commitmentarea p JOIN commitments_area a ON a.id = p.area_id"
                " WHERE p.commitment_id = c.id ORDER BY a.code",
            ),
            "owners": self._owners(),
            **{name: d.flag(f"c.{name}") for name in ("measurable", "overdue", "silent", "contested")},
            "entered_from": d.json("c.entered_from"),
            "reported_state": "NULLIF(c.reported_state, '')",
            "due": self._due(),
            "last_update_at": d.at("c.last_update_at"),
            "voices": self._voices(),
            **self.recorded("c"),
        }

    def _answered(self, rest: str) -> str:
        return (
            "FROM commitments_answering x JOIN commitments_recommendation r ON r.id = x.recommendation_id"
            f" WHERE x.commitment_id = c.id {rest}"
        )

    def _themes(self) -> str:
        grouped = (
            "FROM commitments_answering x JOIN commitments_recommendation r ON r.id = x.recommendation_id"
            " JOIN commitments_theme t ON t.id = r.theme_id WHERE x.commitment_id = c.id"
            " GROUP BY t.id, t.slug, t.title ORDER BY MIN(r.position)"
        )
        return self.d.all(self.d.obj(slug="t.slug", title="t.title"), grouped)

    def _owned(self, rest: str) -> str:
        return (
            "FROM commitments_owner o JOIN accounts_team t ON t.id = o.team_id"
            f" JOIN accounts_organisation b ON b.id = o.organisation_id WHERE o.commitment_id = c.id {rest}"
        )

    def _owners(self) -> str:
        d = self.d
        owner = d.obj(team="t.slug", name="t.name", organisation="b.slug", lead=d.flag("o.lead"))
        return d.all(owner, self._owned("AND o.ended_on IS NULL ORDER BY o.lead DESC, o.id"))

    def late(self, name: str) -> str:
        """Days late against a date, null without clocks; NULL carries through on both databases."""
        ended = f"CASE WHEN c.status = 'completed' AND c.refuted_on IS NULL THEN c.claimed_on ELSE {self.today} END"
        late = self.d.most("0", self.d.days(f"c.{name}", f"({ended})"))
        return f"CASE WHEN c.accepted_on IS NULL OR c.{name} IS NULL THEN NULL ELSE {late} END"

    def _due(self) -> str:
        return self.d.obj(
            on="c.due_on",
            precision="NULLIF(c.due_precision, '')",
            text="NULLIF(c.due_text, '')",
            first_on="c.first_due_on",
            changes="c.due_changes",
            days_late=self.late("due_on"),
            days_late_first=self.late("first_due_on"),
        )

    def _voices(self) -> str:
        d = self.d
        said = d.obj(team="t.slug", status="o.team_status", at=d.at("o.team_status_at"))
        others = "AND o.ended_on IS NULL AND o.team_status IS NOT NULL AND NOT o.lead ORDER BY o.id"
        finding = d.obj(
            id="v.id", claim="v.claim_id", finding="v.finding", reason="v.reason", at=d.at("v.published_at")
        )
        panel = (
            f"(SELECT {finding} FROM commitments_verification v WHERE v.claim_id = c.claim_id"
            " ORDER BY v.position DESC LIMIT 1)"
        )
        return d.obj(
            owner=d.obj(status="c.status", at=d.at("c.status_at"), by_team=d.all(said, self._owned(others))),
            residents=self.withheld(),
            panel=d.json(panel),
            gap=self.gap(),
        )

    def withheld(self) -> str:
        """Residents' figures, of which there are none."""
        return self.d.obj(**dict.fromkeys(RESIDENTS, "NULL"), withheld="'few'")

    def gap(self) -> str:
        """The gap between claim and judgement, of which there is none."""
        return self.d.obj(value="NULL", method="'gap/1'")

    # --- One commitment ---

    def _more(self) -> dict[str, str]:
        d = self.d
        claim = d.obj(
            id="c.claim_id", claimed_on="c.claimed_on", verify_by="c.verify_by", refuted_on="c.refuted_on"
        )
        ownership = d.obj(
            team="t.slug", organisation="b.slug", lead=d.flag("o.lead"), accepted_on="o.accepted_on",
            ended_on="o.ended_on",
        )  # fmt: skip
        return {
            **{name: f"NULLIF(c.{name}, '')" for name in WORDS},
            "stage": "c.stage",
            "accepted_on": "c.accepted_on",
            "source": d.json("c.entered_from"),
            "notes": d.json("c.notes"),
            "claim": d.json(f"CASE WHEN c.claim_id IS NOT NULL THEN {claim} END"),
            "ownership": d.all(ownership, self._owned("ORDER BY o.ended_on, o.lead DESC, o.id")),
            "wordings": self._wordings(),
            "milestones": self._milestones(),
            "due_date_changes": d.all(
                d.obj(id="m.id"), "FROM commitments_duedatechange m WHERE m.commitment_id = c.id"
            ),
            "updates": self._updates(),
            "responses": self._responses(),
            "lineage": d.obj(came_from=self._lineage("later"), became=self._lineage("earlier")),
            "challenges": self._challenges(),
        }

    def _wordings(self) -> str:
        first = self.d.obj(
            field="w.field", text="w.text", old="NULL", since=self.d.at("c.published_at"), reason="NULL",
            correction="NULL",
        )  # fmt: skip
        texts = " UNION ALL ".join(
            f"SELECT {place} AS place, '{name}' AS field, c.{name} AS text"
            for place, name in enumerate(("title", *WORDS))
        )
        return self.d.all(first, f"FROM ({texts}) AS w WHERE w.text <> '' ORDER BY w.place")

    def _milestones(self) -> str:
        d = self.d
        settled = (
            "(c.status IN ('abandoned', 'superseded') OR c.status = 'completed' AND c.refuted_on IS NULL)"
        )
        overdue = f"(m.done_on IS NULL AND NOT COALESCE({settled}, FALSE) AND m.due_on < {self.today})"
        late = d.most("0", d.days("m.due_on", f"COALESCE(m.done_on, {self.today})"))
        known = f"({overdue} OR m.done_on IS NOT NULL OR m.due_on >= {self.today})"
        step = d.obj(
            id="m.id", position="m.position", commitment="c.reference", title="m.title", due_on="m.due_on",
            first_due_on="m.first_due_on", done_on="m.done_on", overdue=d.flag(overdue),
            days_late=f"CASE WHEN {known} THEN {late} END", **self.recorded("m"),
        )  # fmt: skip
        return d.all(
            step, "FROM commitments_milestone m WHERE m.commitment_id = c.id ORDER BY m.due_on, m.id"
        )

    def _updates(self) -> str:
        d = self.d
        link = d.obj(title="e.title", url="e.url", dated="e.dated")
        update = d.obj(
            id="u.id", url=f"'{URL}updates/' || u.id || '/'", position="u.position", assembly="c.assembly_slug",
            commitment="c.reference", team="t.slug", team_name="t.name", organisation="b.slug",
            lead=d.flag("u.lead"), status="u.status", team_status="u.team_status", is_claim=d.flag("u.is_claim"),
            nothing_to_report=d.flag("u.nothing_to_report"),
            body="NULLIF(u.body, '')", reason="NULLIF(u.reason, '')",
            evidence=d.all(link, 'FROM commitments_evidence e WHERE e.update_id = u.id ORDER BY e."order", e.id'),
            posted_on="u.posted_on", **self.recorded("u"),
        )  # fmt: skip
        rest = (
            "FROM commitments_progressupdate u JOIN accounts_team t ON t.id = u.team_id"
            " JOIN accounts_organisation b ON b.id = t.organisation_id"
            " WHERE u.commitment_id = c.id ORDER BY u.position DESC LIMIT 10"
        )
        return d.all(update, rest)

    def _responses(self) -> str:
        d = self.d
        answer = d.obj(
            id="s.id", url=f"'{URL}recommendations/' || r.reference || '/responses/' || s.id || '/'",
            recommendation="r.reference", organisation="b.slug", name="b.name", position="s.stance", body="s.body",
            reason="NULLIF(s.reason, '')", answered_on="s.answered_on", late_by_days="s.late_by_days",
            record_position="s.position", entered_from=d.json("s.entered_from"), **self.recorded("s"),
        )  # fmt: skip
        rest = (
            "FROM commitments_answering x JOIN commitments_recommendation r ON r.id = x.recommendation_id"
            " JOIN commitments_response s ON s.recommendation_id = r.id"
            " JOIN accounts_organisation b ON b.id = s.organisation_id"
            " WHERE x.commitment_id = c.id ORDER BY s.position DESC"
        )
        return d.all(answer, rest)

    def _lineage(self, ours: str) -> str:
        rest = f"FROM commitments_lineage l WHERE l.{ours}_id = c.id"
        return self.d.all(self.d.obj(kind="l.kind", reason="l.reason"), rest)

    def _challenges(self) -> str:
        passed = f"h.state = 'open' AND h.reply_due_on < {self.today}"
        states = {name: f"h.state = '{name}'" for name in ChallengeState.values}
        states |= {"unanswered": passed, "open": f"h.state = 'open' AND NOT h.reply_due_on < {self.today}"}
        counts = {name: f"COUNT(*) FILTER (WHERE {holds})" for name, holds in states.items()}
        shown = self.d.obj(total="COUNT(*)", **counts)
        return self.d.json(f"(SELECT {shown} FROM commitments_challenge h WHERE h.commitment_id = c.id)")
