"""Letters with codes: shown this once, each with a square that leads to the form; a lost batch is made useless."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from portal.desk.letters import drawn
from ratings import actions
from ratings.errors import CodeUnknown
from ratings.models import CodeBatch, LocalCode
from tests import make
from tests.make import SLUG
from tests.portal.desk.deciding import said
from tests.portal.desk.windows import at_desk
from tests.portal.people import Form, fill

pytestmark = pytest.mark.django_db
CODES = f"/desk/assemblies/{SLUG}/codes/"
LETTERS = f"{CODES}letters/"
CODE = re.compile(r'code--long">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){2})<')


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()


def test_letters_are_shown_once_and_their_codes_work() -> None:
    assembly, client = make.assembly(), at_desk(make.convenor())
    page, typed = client.get(CODES), {"number": "3", "stratum": "local", "layout": "half"}
    answer = fill(client, page, LETTERS, needing="number", **typed)
    told = said(answer)
    codes = CODE.findall(told)
    assert (answer.status_code, len(codes), len(set(codes))) == (200, 3, 3)
    assert answer["Cache-Control"] == "private, no-store"
    assert (told.count("<svg"), told.count('class="letter"'), "letters--half" in told) == (3, 3, True)
    assert told.count(f"/assemblies/{SLUG}/local-code/<") == 3
    assert not any(f"#{code}" in told for code in codes)
    assert actions.redeem(assembly, by=make.person(), code=codes[0]).stratum == "local"
    again = fill(client, page, LETTERS, needing="number", **typed)
    assert again.status_code == 302
    after = said(client.get(again["Location"]))
    assert "These letters were made already" in after
    assert not any(code in after for code in codes)
    assert (CodeBatch.objects.count(), LocalCode.objects.count()) == (1, 3)
    assert client.get(LETTERS).status_code == 302


def test_a_lost_batch_is_withdrawn() -> None:
    assembly, convenor = make.assembly(), make.convenor()
    batch, [code, *_] = actions.issue_codes(assembly, by=convenor, number=2)
    client, path = at_desk(make.convenor()), f"/desk/codes/{batch.pk}/withdraw/"
    assert at_desk(make.panel()).get(path).status_code == 403
    sure = {
        "csrfmiddlewaretoken": Form(said(client.get(path)), "csrfmiddlewaretoken").fields[
            "csrfmiddlewaretoken"
        ]
    }
    assert client.post(path, sure)["Location"] == CODES
    with pytest.raises(CodeUnknown):
        actions.redeem(assembly, by=make.person(), code=code)
    assert "It was withdrawn on" in said(client.get(path))


@pytest.mark.parametrize("number", ["", "0", "501", "-3", "٣", "1e2", "9" * 40])
def test_a_number_that_makes_no_letters_is_said_and_the_rest_is_kept(number: str) -> None:
    make.assembly()
    client = at_desk(make.convenor())
    answer = fill(
        client, client.get(CODES), LETTERS, needing="number", number=number, stratum="member", layout="page"
    )
    assert answer.status_code == 400
    assert 'href="#number"' in said(answer)
    assert said(answer).count(" checked") == 2
    assert not CodeBatch.objects.exists()


def test_the_square_is_what_the_standard_draws() -> None:
    path, size = drawn("https://example.org/assemblies/anytown-2025/local-code/#ABCD-EFGH-JKLM")
    dark = {
        (one, int(y))
        for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", path)
        for one in range(int(x), int(x) + int(wide))
    }
    for left, top in ((4, 4), (size - 11, 4), (4, size - 11)):
        finder = ["".join("#" if (left + x, top + y) in dark else "." for x in range(7)) for y in range(7)]
        assert finder == ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
    assert all(4 <= x < size - 4 and 4 <= y < size - 4 for x, y in dark)
