"""The floor's questions about themes, counted by the database, and about the record."""

from bench.floor_sql import URL, Commitments
from commitments.choices import Finding, Standing


class Writer(Commitments):
    """Writes every question in one dialect, of one day."""

    def theme(self, rows: str, theme: int) -> str:
        """A theme with the counts of its commitments, `rows`."""
        d = self.d
        counts = {f"is_{word}": f"c.standing = '{word}'" for word in Standing.values}
        counts |= {f"found_{word}": f"c.finding = '{word}'" for word in Finding.values}
        counts |= {name: f"c.{name}" for name in ("measurable", "overdue", "silent", "contested")}
        counts |= {f"card_{name}": holds for name, holds in self._scorecard().items()}
        found = [f"COUNT(*) FILTER (WHERE {holds}) AS {name}" for name, holds in counts.items()]
        for name in ("due_on", "first_due_on"):
            found += [
                f"COUNT(late_{name}) AS dated_{name}",
                f"COUNT(NULLIF(late_{name}, 0)) AS number_{name}",
            ]
            found += [f"ROUND(AVG(NULLIF(late_{name}, 0)), 1) AS mean_{name}"]
            found += [f"MAX(NULLIF(late_{name}, 0)) AS most_{name}"]
        worth = "CASE c.status WHEN 'not_started' THEN 0.0 WHEN 'in_progress' THEN 0.5 WHEN 'completed' THEN 1.0 END"
        found += [
            "COUNT(*) AS commitments",
            f"ROUND(AVG({worth}), 3) AS claims",
            f"COUNT({worth}) AS claimed",
        ]
        late = ", ".join(f"{self.late(name)} AS late_{name}" for name in ("due_on", "first_due_on"))
        counted = f"SELECT {', '.join(found)} FROM (SELECT c.*, {late} FROM ({rows}) AS c) AS c"
        shown = d.obj(**self._theme())
        return (
            f"SELECT CAST({shown} AS TEXT) FROM commitments_theme t JOIN commitments_assembly a ON a.id = t.assembly_id"
            f" CROSS JOIN ({counted}) AS n WHERE t.id = {theme}"
        )

    def _scorecard(self) -> dict[str, str]:
        promised = "c.accepted_on IS NOT NULL"
        standing = "COALESCE(c.status = 'completed' AND c.refuted_on IS NULL, FALSE)"
        return {
            "promised": promised,
            "verified": "c.status = 'completed' AND c.finding = 'verified' AND NOT c.disputed",
            "claimed": "c.status = 'completed'",
            "late": "c.overdue",
            "late_first": f"{promised} AND c.first_due_on < {self.today} AND NOT {standing}",
            "silent": "c.silent",
            "contested": "c.contested",
            "not_measurable": f"{promised} AND NOT c.measurable",
        }

    def _unanswered(self) -> dict[str, str]:
        recommendations = (
            "(SELECT COUNT(DISTINCT k.recommendation_id) FROM commitments_asked k"
            " JOIN commitments_recommendation r ON r.id = k.recommendation_id"
            f" WHERE r.theme_id = t.id AND k.answered_on IS NULL AND k.due_on < {self.today})"
        )
        challenges = (
            "(SELECT COUNT(DISTINCT h.id) FROM commitments_challenge h"
            " JOIN commitments_answering x ON x.commitment_id = h.commitment_id"
            " JOIN commitments_recommendation r ON r.id = x.recommendation_id"
            f" WHERE r.theme_id = t.id AND h.state = 'open' AND h.reply_due_on < {self.today})"
        )
        return {
            "unanswered": f"{recommendations} + {challenges}",
            "unanswered_recommendations": recommendations,
            "unanswered_challenges": challenges,
        }

    def _theme(self) -> dict[str, str]:
        d = self.d
        present, first = (
            d.obj(
                dated=f"n.dated_{name}",
                late=f"n.number_{name}",
                mean_days=f"n.mean_{name}",
                most_days=f"n.most_{name}",
            )
            for name in ("due_on", "first_due_on")
        )
        recommended = "(SELECT COUNT(*) FROM commitments_recommendation r WHERE r.theme_id = t.id)"
        return {
            **{name: f"t.{name}" for name in ("slug", "title", "position")},
            "summary": "NULLIF(t.summary, '')",
            "order": 't."order"',
            "assembly": "a.slug",
            "url": f"'{URL}assemblies/' || a.slug || '/themes/' || t.slug || '/'",
            "origin": d.json("t.origin"),
            "findings": d.json("t.findings"),
            "recommendations": recommended,
            **{name: f"n.{name}" for name in ("commitments", "overdue", "silent", "contested")},
            "scorecard": d.obj(
                **{name: f"n.card_{name}" for name in self._scorecard()}, **self._unanswered()
            ),
            "standings": d.obj(**{word: f"n.is_{word}" for word in Standing.values}),
            "measurability": d.obj(measurable="n.measurable", not_measurable="n.commitments - n.measurable"),
            "lateness": d.obj(present=present, first=first),
            "voices": d.obj(
                owner=d.obj(mean="n.claims", n="n.claimed"),
                residents=self.withheld(),
                panel=d.obj(**{word: f"n.found_{word}" for word in Finding.values}),
                gap=self.gap(),
            ),
            **self.recorded("t"),
        }

    def events(self) -> str:
        """A hundred entries beyond a position, with their words and the salts of these."""
        d = self.d
        text = d.words_of("e.body")
        shown, salt = (
            f"CASE WHEN w.state = 'published' THEN {said} END" for said in ("w.text", d.hexed("w.salt"))
        )
        entry = d.obj(
            **{name: f"e.{name}" for name in ("position", "type", "occurred_on", "actor", "subject", "root")},
            at=d.at("e.at"),
            assembly="NULLIF(e.assembly, '')",
            invented=d.flag(d.has(text, '"invented":true')),
            url=f"'{URL}events/' || e.position || '/'",
            body=d.parsed(text),
            words=self._words(d.named("w.name", shown)),
            salts=self._words(d.named("w.name", salt)),
        )
        rest = f"FROM record_entry e WHERE e.position > {d.mark} ORDER BY e.position LIMIT 100"
        return f"SELECT CAST({d.all(entry, rest)} AS TEXT)"

    def _words(self, named: str) -> str:
        return self.d.json(f"(SELECT {named} FROM record_words w WHERE w.position = e.position)")
