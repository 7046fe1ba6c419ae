"""Areas: finding one by map, list, name or postcode, and what was promised there."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.models import Team
from commitments.choices import AreaKind
from commitments.models import Area, Commitment, CommitmentArea, Priority
from commitments.narrowing import inside
from commitments.policeuk.reading import LICENCE
from portal import asking, postcodes
from portal.cards import Card, cards
from portal.kept import kept, too_many
from portal.tilemaps import Place, TileMap, drawn
from record import clock, values

MOST_LISTED = 600
"""Areas on the page that lists them all; a larger record shows what lies above wards, and each has a page."""
MOST_MAPS, MOST_FOUND, MOST_SHOWN = 3, 50, 12


class Region(NamedTuple):
    """A place with what lies directly in it: as a map, where it can be drawn, and as a list."""

    area: Area
    parts: list[Area]
    map: TileMap | None
    counts: dict[str, int]


@kept
@asking.understood
def areas(request: HttpRequest) -> HttpResponse:
    """Every area, and ways to find one. Three questions."""
    asked = asking.read(request.GET, {"q": values.Value()})
    return render(request, "portal/areas.html", _finding(asked.words.get("q", "")))


def _finding(q: str, **more: Any) -> dict[str, Any]:
    """What the page shows: what was found by name, and all there is."""
    rows = list(Area.objects.order_by("path")[: MOST_LISTED + 1])
    if len(rows) > MOST_LISTED:
        rows = list(Area.objects.exclude(kind=AreaKind.WARD).order_by("path")[:MOST_LISTED])
    return {
        "q": q,
        "found": list(_named(q)[:MOST_FOUND]) if q else None,
        "regions": _regions(rows),
        "has_postcodes": postcodes.is_loaded(),
        "longest": postcodes.LONGEST,
        **more,
    }


def _named(q: str) -> QuerySet[Area]:
    """Areas whose names hold every word."""
    wanted = Q()
    for word in q.split():
        wanted &= Q(name__icontains=word)
    found: QuerySet[Area] = Area.objects.filter(wanted).order_by("name")
    return found


def _regions(rows: list[Area]) -> list[Region]:
    """Each area that has others in it, or stands alone; the map of the first few."""
    below: dict[int | None, list[Area]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    holders = [row for row in rows if below[row.pk] and _is_mapped(below[row.pk])] or below[None]
    counts = _counts()
    return [region_of(row, below[row.pk], counts, is_drawn=at < MOST_MAPS) for at, row in enumerate(holders)]


def _is_mapped(parts: list[Area]) -> bool:
    """A borough is shown with its wards; a force, whose parts have pages of their own, by them."""
    return any(part.kind == AreaKind.WARD for part in parts)


def region_of(area: Area, parts: list[Area], counts: dict[str, int], *, is_drawn: bool = True) -> Region:
    """A place with its parts in the order of their names."""
    parts = sorted(parts, key=lambda part: part.name)
    places = [Place(part.code, part.name, part.latitude, part.longitude) for part in parts]
    return Region(area, parts, drawn(places, counts) if is_drawn else None, counts)


def _counts() -> dict[str, int]:
    """How many commitments name each area itself."""
    rows = CommitmentArea.objects.order_by().values_list("area__code").annotate(n=Count("pk"))
    return dict(rows)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("postcode")
def by_postcode(request: HttpRequest) -> HttpResponse:
    """From a postcode to the page of its area. The postcode is in no address, no log, no statement and no cookie.

    Nothing is changed, so that no token is needed: whoever makes somebody post here learns nothing.
    """
    if request.method != "POST":
        return redirect("areas")
    count = limits.count_stranger(request)
    if count is not None and count.is_over:
        return too_many(request, count.resets_in)
    typed = request.POST.get("postcode", "")
    normal = postcodes.normal(typed)
    code = postcodes.area_of(normal) if normal else None
    if code is not None and Area.objects.filter(code=code).exists():
        answer: HttpResponse = redirect("area", code)
        answer.status_code = 303
        return answer
    context = _finding("", postcode=typed[: postcodes.LONGEST], error=_why_not(normal))
    return render(request, "portal/areas.html", context, status=404 if normal else 400)


def _why_not(normal: str | None) -> str:
    if not postcodes.is_loaded():
        return _("This site cannot look up postcodes. Find your ward on the map or by its name.")
    if normal is None:
        return _("Type a whole postcode, such as E17 4JF.")
    return _("This postcode is in none of the areas here. Look for your ward on the map or by its name.")


@kept
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: what was promised for it, inside it and around it, its teams, and what nobody committed to."""
    row = Area.objects.filter(code=code).first()
    if row is None:
        raise Http404
    today, codes = clock.today(), row.path.rstrip("/").split("/")
    within = list(Area.objects.filter(code__in=codes[:-1]).order_by("path"))
    parts = list(Area.objects.filter(parent=row))
    context = {
        "area": row,
        "within": within,
        "region": region_of(row, parts, _counts()) if parts else None,
        "groups": _groups(row, within, today),
        "teams": _teams(row, codes),
        **_priorities(row),
    }
    return render(request, "portal/area.html", context)


class Group(NamedTuple):
    """Commitments for one area: its own (with all inside), or those that hold for a larger one around it."""

    area: Area
    is_around: bool
    cards: list[Card]
    has_more: bool
    address: str


def _groups(row: Area, within: list[Area], today: date) -> list[Group]:
    """Here first, then outwards. Two questions for each level."""
    groups = [_group(row, False, promised_inside(row), today)]
    for around in reversed(within):
        placed = CommitmentArea.objects.filter(area=around).values("commitment")
        groups.append(_group(around, True, Commitment.objects.filter(pk__in=placed), today))
    return groups


def promised_inside(area: Area) -> QuerySet[Commitment]:
    """What names an area, or one inside it."""
    placed = CommitmentArea.objects.filter(area__path__startswith=area.path).values("commitment")
    return Commitment.objects.filter(pk__in=placed)


def _group(area: Area, is_around: bool, rows: QuerySet[Commitment], today: date) -> Group:
    keys = list(rows.order_by("-updated_position", "pk").values_list("pk", flat=True)[: MOST_SHOWN + 1])
    address = f"{reverse('commitments')}?area={area.code}"
    return Group(area, is_around, cards(keys[:MOST_SHOWN], today), len(keys) > MOST_SHOWN, address)


def _teams(row: Area, codes: list[str]) -> list[Team]:
    """Teams of the area, of what lies inside it, and of what lies around it."""
    own = [
        *codes,
        *Area.objects.filter(path__startswith=row.path).values_list("code", flat=True)[:MOST_LISTED],
    ]
    teams = Team.objects.filter(area_code__in=own, ended_on=None).select_related("organisation")
    return list(teams.order_by("name")[:MOST_FOUND])


def _priorities(row: Area) -> dict[str, Any]:
    """What neighbourhood teams say they work on, and nobody has committed to. Two questions."""
    current: Any = Priority.objects.current().filter(neighbourhood__area__in=inside([row.code]))
    counts = current.with_committed().aggregate(all=Count("pk"), open=Count("pk", filter=Q(committed=False)))
    rows = current.with_committed().filter(committed=False).select_related("neighbourhood")
    return {
        "priorities": list(rows.order_by("-position")[:MOST_SHOWN]) if counts["open"] else [],
        "counts": counts,
        "licence": LICENCE,
    }
