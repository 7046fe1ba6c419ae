"""What the record says, in the format of a file: the present wordings, and the corrections that led to them."""

from typing import Any

from accounts.models import Organisation, Team
from commitments.actions.registers import CLOCKS
from commitments.importing.canonical import sources
from commitments.importing.saying_commitments import commitments
from commitments.importing.saying_corrections import corrections
from commitments.models import Area, Assembly, Recommendation, Response, Theme

Said = dict[str, Any]
FORMAT = {"format": "said-and-done/record", "version": 1}


def said(assembly: Assembly) -> Said:
    """All that a file can say of an assembly and of the registers, in the order in which it was recorded.

    What owners, the panel and residents did themselves is not in it, nor what is invented (`leaving.left_out` counts).
    """
    assembly = Assembly.objects.select_related("area").get(pk=assembly.pk)
    corrected = corrections(assembly)
    teams = Team.objects.select_related("organisation").prefetch_related("later_links")
    return {
        **FORMAT,
        "areas": [_area(one) for one in _real(Area.objects.select_related("parent"))],
        "organisations": [_organisation(one) for one in _real(Organisation.objects)],
        "teams": [_team(one) for one in _real(teams)],
        "assembly": assembly_said(assembly),
        "themes": [_theme(one) for one in _real(assembly.themes)],
        "recommendations": [
            _recommendation(one) for one in _real(assembly.recommendations.select_related("theme"))
        ],
        "responses": _responses(assembly),
        "commitments": commitments(assembly, corrected),
        "corrections": corrected,
    }


def _real(rows: Any) -> Any:
    return rows.filter(invented=False).order_by("position")


def _area(row: Area) -> Said:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "vintage": row.vintage,
        "parent": row.parent.code if row.parent else None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "sources": sources(row.entered_from),
    }


def _organisation(row: Organisation) -> Said:
    return {"slug": row.slug, "name": row.name, "kind": row.kind, "area": row.area_code or None}


def _team(row: Team) -> Said:
    return {
        "slug": row.slug,
        "name": row.name,
        "organisation": row.organisation.slug,
        "area": row.area_code or None,
        "ended_on": row.ended_on.isoformat() if row.ended_on and not row.later_links.all() else None,
    }


def assembly_said(row: Assembly) -> Said:
    """An assembly alone, as a file says it."""
    return {
        "slug": row.slug,
        "prefix": row.prefix,
        "title": row.title,
        "question": row.question,
        "area": row.area.code if row.area else None,
        "held": {"text": row.held, "from": row.held_from, "to": row.held_to},
        "clocks": {name: getattr(row, name) for name in CLOCKS},
        "facts": [
            {"name": one["name"], "value": one.get("value"), "sources": sources(one.get("sources") or [])}
            for one in row.facts
        ],
        "sources": sources(row.entered_from),
    }


def _theme(row: Theme) -> Said:
    origin = row.origin and {name: row.origin.get(name) for name in ("by", "url", "reliability")}
    return {
        "slug": row.slug,
        "order": row.order,
        "title": row.title,
        "summary": row.summary,
        "origin": origin or None,
        "findings": [
            {"text": one["text"], "sources": sources(one.get("sources") or [])} for one in row.findings
        ],
    }


def _recommendation(row: Recommendation) -> Said:
    return {
        "number": row.number,
        "title": row.title,
        "body": row.body,
        "theme": row.theme.slug if row.theme else None,
        "theme_assigned_by": row.theme_assigned_by,
        "sources": sources(row.entered_from),
    }


def _responses(assembly: Assembly) -> list[Said]:
    rows = Response.objects.filter(recommendation__assembly=assembly, entered_from__isnull=False)
    versions: dict[tuple[int, str], int] = {}
    found = []
    for row in _real(rows.select_related("recommendation", "organisation")):
        of = (row.recommendation.number, row.organisation.slug)
        versions[of] = versions.get(of, 0) + 1
        found.append(_response(row, versions[of]))
    return found


def _response(row: Response, version: int) -> Said:
    return {
        "recommendation": row.recommendation.number,
        "organisation": row.organisation.slug,
        "version": version,
        "position": row.stance,
        "body": row.body,
        "reason": row.reason,
        "sources": sources(row.entered_from),
    }
