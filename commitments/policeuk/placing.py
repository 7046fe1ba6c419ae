"""In which area of ours a neighbourhood lies: said where it is certain, and otherwise left to a convenor."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from commitments.actions.snapshots import Place
from commitments.choices import AreaKind, PlacedBy
from commitments.models import Area
from commitments.policeuk.matching import normalised
from commitments.policeuk.reading import Listed, Neighbourhood

MOST_KILOMETRES = 5.0
"""Two places of one name whose centres lie further apart are two places."""
EARTH_KILOMETRES = 6371.0


def plain_name(name: str | None) -> str:
    """A name as it is compared: `&` is `and`, and case, marks and spaces make no difference."""
    return normalised((name or "").replace("&", " and "))


def area_of_force(name: str | None) -> Area | None:
    """The area of a force that has exactly its name, if there is just one."""
    wanted = plain_name(name)
    found = [one for one in Area.objects.filter(kind=AreaKind.FORCE) if plain_name(one.name) == wanted]
    return found[0] if wanted and len(found) == 1 else None


class Places:
    """The areas inside a force's own, by code and by name. A name counts where nothing else in the force has it."""

    def __init__(self, force: Area | None, listed: Sequence[Listed]) -> None:
        self.force = force
        inside = Area.objects.filter(path__startswith=force.path).exclude(pk=force.pk) if force else ()
        self._by_code = {area.code: area for area in inside}
        self._by_name: dict[str, list[Area]] = defaultdict(list)
        for area in inside:
            self._by_name[plain_name(area.name)].append(area)
        self._listed = Counter(plain_name(one.name) for one in listed)

    def of(self, seen: Neighbourhood) -> Place | None:
        """Where it certainly lies."""
        if seen.id in self._by_code:
            return Place(self._by_code[seen.id], PlacedBy.CODE)
        name = plain_name(seen.name)
        areas = self._by_name.get(name, [])
        if len(areas) == 1 and self._listed[name] <= 1 and not _is_far(areas[0], seen):
            return Place(areas[0], PlacedBy.NAME)
        return None


def _is_far(area: Area, seen: Neighbourhood) -> bool:
    """Whether both say where they are, and it is not one place."""
    if None in (area.latitude, area.longitude, seen.latitude, seen.longitude):
        return False
    return kilometres(area, seen) > MOST_KILOMETRES


def kilometres(one: Area | Neighbourhood, other: Area | Neighbourhood) -> float:
    """Between two points given in degrees, along a great circle (haversine)."""
    north, south = radians(one.latitude or 0), radians(other.latitude or 0)
    east = radians((other.longitude or 0) - (one.longitude or 0))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH_KILOMETRES * asin(sqrt(half))
