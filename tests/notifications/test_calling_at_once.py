"""Several workers that claim calls of webhooks at the same time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from notifications import calling
from record import clock
from tests.notifications.receiving import endpoint
from tests.notifications.test_calling import HOOK, NOW, waiting


def test_four_workers_at_once_take_five_of_a_host_between_them(committed_db: None) -> None:
    with clock.at(NOW):
        waiting(endpoint(HOOK)[0], 40)

    def worker() -> list[Any]:
        try:
            return [call.pk for _ in range(3) for call in calling.claim(NOW)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [key for one in [pool.submit(worker) for _ in range(4)] for key in one.result()]
    assert (len(taken), len(set(taken))) == (5, 5)
