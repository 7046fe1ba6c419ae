"""Which local priorities a promise answers, said and taken back at the desk with one press."""

from typing import Any

import pytest
from django.core.cache import cache

from commitments.models import Tie
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/priorities/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


def test_a_priority_of_its_places_is_tied_once_and_untied_again() -> None:
    borough = make.area("E09000031")
    ward = make.area("E05013893", kind="ward", parent=borough)
    it = make.commitment(make.assembly(prefix="AT25", area=borough))
    near = make.priority("Mopeds on the pavement", area=ward)
    far = make.priority("Noise elsewhere", area=make.area())
    client = at_desk(make.responder(make.lead_team(it).organisation))
    page = client.get(PATH)
    assert "Mopeds on the pavement" in page.content.decode()
    assert "Noise elsewhere" not in page.content.decode()
    answers = [fill(client, page, PATH, needing="once", tie=str(near.pk)) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert Tie.objects.get().priority == near
    page = client.get(PATH)
    again = fill(client, page, PATH, needing="once", tie=str(near.pk))
    assert again.status_code == 409
    assert "is tied to this priority already" in again.content.decode()
    assert fill(client, page, PATH, needing="once", untie=str(far.pk)).status_code == 409
    assert fill(client, page, PATH, needing="once", untie=str(near.pk)).status_code == 302
    assert not Tie.objects.exists()
    assert fill(client, client.get(PATH), PATH, needing="once", tie="x").status_code == 404
