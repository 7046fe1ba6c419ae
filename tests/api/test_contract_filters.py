"""Values of filters at the edges of what there is."""

from urllib.parse import quote

import pytest

from tests.api.scene import V1
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db

LISTS = ("commitments", "recommendations", "updates", "challenges", "areas", "organisations", "teams")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_names_its_parameter(
    api: CheckingClient, path: str, moment: str
) -> None:
    answer = api.get(f"{V1}/{path}/?updated_since={quote(moment)}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "updated_since"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_are_moments(api: CheckingClient, path: str, moment: str) -> None:
    assert api.get(f"{V1}/{path}/?updated_since={moment}").status_code == 200
