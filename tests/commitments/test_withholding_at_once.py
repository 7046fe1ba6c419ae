"""Lifting, hiding and writing at once: they follow each other, and no word is lost or left in the vault."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from commitments import actions
from commitments.models import ProgressUpdate, Vaulted, Withholding
from tests import make
from tests.canaries import CANARY, WORDS
from tests.make import TODAY


def test_when_holds_are_lifted_while_owners_write_and_words_are_hidden_all_come_back(
    committed_db: None,
) -> None:
    commitment = make.commitment()
    by, convenor = make.member(make.lead_team(commitment)), make.convenor()
    make.update(commitment, by=by, body=f"{WORDS} at first")
    hold = actions.place_hold(commitment, by=convenor, today=TODAY, ground="live_case")

    def act(number: int) -> None:
        try:
            if number == 2:
                actions.lift_hold(hold, by=convenor, today=TODAY)
            elif number == 3:
                update = ProgressUpdate.objects.order_by("position")[0]
                actions.hide_words(update, by=convenor, today=TODAY, ground="personal_data")
            else:
                make.update(commitment, by=by, body=f"{WORDS} {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(6)))
    assert ProgressUpdate.objects.filter(body__contains=CANARY).count() == 4
    actions.restore_words(Withholding.objects.get(kind="hidden"), by=convenor, today=TODAY)
    assert ProgressUpdate.objects.filter(body__contains=CANARY).count() == 5
    assert not Vaulted.objects.exists()
