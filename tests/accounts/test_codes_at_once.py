"""Codes that are typed many times at once: used once, and tried no more often than they may be."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from accounts import codes
from accounts.models import SignInCode, User


def at_once(ticket: str, typed: list[str]) -> list[bool]:
    def try_it(code: str) -> bool:
        try:
            return codes.confirmed(ticket, code) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(try_it, typed))


def test_of_many_who_type_the_right_code_at_once_one_is_let_in(committed_db: None) -> None:
    ticket, code = codes.ask("ana@example.org")
    assert sorted(at_once(ticket, [code] * 8)) == [False] * 7 + [True]


def test_many_wrong_tries_at_once_are_all_counted(committed_db: None) -> None:
    ticket, code = codes.ask("ana@example.org")
    assert not any(at_once(ticket, ["BBBBBBBB"] * 12))
    assert SignInCode.objects.get().tries == codes.TRIES
    assert codes.confirmed(ticket, code) is None


def test_an_address_that_is_confirmed_twice_at_once_has_one_account(committed_db: None) -> None:
    def enter(_: int) -> int:
        try:
            return codes.account_of("ana@example.org").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(enter, range(8)))) == 1
    assert User.objects.get().confirmed_at is not None
