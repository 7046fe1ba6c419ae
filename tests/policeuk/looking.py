"""Looking at the source without the source, and places where its neighbourhoods may lie."""

from datetime import date
from typing import Any

from commitments import actions
from commitments.models import Area
from commitments.policeuk.taking import Report, take
from record import clock
from tests import make
from tests.make import TODAY
from tests.policeuk.recorded import FORCE, Recorded, source


def look(recorded: Recorded, today: date = TODAY, force: str = FORCE, **more: Any) -> Report:
    """One run."""
    with clock.at(make.noon(today)):
        return take(source(recorded), force, today=today, **more)


def rows(*issues: str, **more: Any) -> list[dict[str, Any]]:
    """Priorities in the recorded shape."""
    return [
        {"issue": issue, "action": None, "issue-date": "2026-04-14T00:00:00", "action-date": None, **more}
        for issue in issues
    ]


def places(name: str = "Invented Police") -> Area:
    """The force's area with three wards of a borough."""
    by = make.convenor()
    force = actions.publish_area("E23000099", by=by, today=TODAY, name=name, kind="force")
    borough = make.area("E09000031", parent=force)
    for code, ward in (
        ("E05013891", "High Street"),
        ("E05013893", "Hoe Street"),
        ("E05013903", "Wood Street and Market"),
    ):
        actions.publish_area(
            code,
            by=by,
            today=TODAY,
            name=ward,
            kind="ward",
            parent=borough,
            latitude=51.58,
            longitude=-0.02,
        )
    return force
