"""Codes that are sent many times at once: each is used once, and each person uses one."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from accounts.models import User
from ratings import actions, errors
from ratings.models import Belonging, SpentCode
from tests import make


def test_of_many_who_send_the_same_code_at_once_one_is_local(committed_db: None) -> None:
    assembly = make.assembly()
    _, [code, *_] = actions.issue_codes(assembly, by=make.convenor(), number=3)
    people = [make.person() for _ in range(12)]

    def try_it(person: User) -> bool:
        try:
            return actions.redeem(assembly, by=person, code=code).before
        except errors.CodeUnknown:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, people)) == [False] + [True] * 11
    assert (Belonging.objects.count(), SpentCode.objects.count()) == (1, 1)


def test_one_who_sends_many_codes_at_once_uses_one(committed_db: None) -> None:
    assembly = make.assembly()
    _, codes = actions.issue_codes(assembly, by=make.convenor(), number=8)
    person = make.person()

    def try_it(code: str) -> bool:
        try:
            return actions.redeem(assembly, by=person, code=code).before
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, codes)) == [False] + [True] * 7
    assert (Belonging.objects.count(), SpentCode.objects.count()) == (1, 1)
