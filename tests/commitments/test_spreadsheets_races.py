"""Two people who import one file at the same moment: the second finds what the first entered."""

import threading
from pathlib import Path

from django.db import connection

from commitments import importing
from commitments.models import Area
from tests import make

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "spreadsheets"


def test_two_imports_of_one_file_at_once_follow_each_other(committed_db: None) -> None:
    convenor, reports = make.convenor("anytown-2025"), []
    files = importing.gathered(EXAMPLES)

    def bring_in() -> None:
        try:
            reports.append(importing.import_files(files, today=make.TODAY, by=convenor))
        finally:
            connection.close()

    threads = [threading.Thread(target=bring_in) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted((len(one.added), len(one.unchanged)) for one in reports) == [(0, 17), (17, 0)]
    assert Area.objects.count() == 3
