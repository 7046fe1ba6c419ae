"""Codes: printed in batches, redeemed once by somebody whom nothing links to them, counted and nobody told of."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from commitments.errors import NotTheConvenor
from commitments.models import Assembly, Commitment
from ratings import actions, errors, keystore
from ratings.models import Ballot, Belonging, CodeBatch, LocalCode, SpentCode
from ratings.subjects import Said
from tests import make
from tests.make import TODAY, days
from tests.recording import everything, refused

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly()


def issued(assembly: Assembly, number: int = 3, **more: str) -> tuple[CodeBatch, list[str]]:
    return actions.issue_codes(assembly, by=make.convenor(assembly.slug), number=number, **more)


def redeem(assembly: Assembly, *codes: str) -> list[User]:
    people = [make.person() for _ in codes]
    for person, code in zip(people, codes, strict=True):
        actions.redeem(assembly, by=person, code=code)
    return people


def test_a_code_works_once_however_it_is_typed(assembly: Assembly) -> None:
    _, [code, *_] = issued(assembly)
    assert actions.redeem(assembly, by=make.person(), code=f" {code.lower().replace('-', ' ')}") == (
        "local",
        False,
    )
    with refused(errors.CodeUnknown, "code"):
        actions.redeem(assembly, by=make.person(), code=code)


def test_a_used_code_a_wrong_one_a_withdrawn_one_and_one_of_elsewhere_look_the_same(
    assembly: Assembly,
) -> None:
    _, [used, *_] = issued(assembly)
    redeem(assembly, used)
    lost, [withdrawn, *_] = issued(assembly)
    actions.withdraw_codes(lost, by=make.convenor())
    _, [foreign, *_] = issued(make.assembly("elsewhere-2025"))
    said = set()
    for code in (used, withdrawn, foreign, "BBBB-BBBB-BBBB", "", "ÄÖÜ"):
        with pytest.raises(errors.CodeUnknown) as refusal:
            actions.redeem(assembly, by=make.person(), code=code)
        said.add((refusal.value.code, refusal.value.detail, refusal.value.field))
    assert len(said) == 1


def test_who_redeems_again_is_told_as_what_they_rate_and_the_second_code_still_works(
    assembly: Assembly,
) -> None:
    _, [first, second, _] = issued(assembly, stratum="member")
    [person] = redeem(assembly, first)
    for code in (first, second, "not a code"):
        assert actions.redeem(assembly, by=person, code=code) == ("member", True)
    assert actions.redeem(assembly, by=make.person(), code=second) == ("member", False)


def test_redeeming_touches_neither_the_code_nor_its_batch(assembly: Assembly) -> None:
    _, codes = issued(assembly)
    before = everything()
    redeem(assembly, codes[0])
    after = everything()
    changed = {label for label in after if after[label] != before[label]}
    assert changed == {"ratings.SpentCode", "ratings.Belonging"}
    [spent] = SpentCode.objects.values()
    assert spent["mark"] not in set(LocalCode.objects.values_list("digest", flat=True))


def test_after_mixing_used_codes_and_people_each_lie_in_an_order_of_their_own(assembly: Assembly) -> None:
    _, codes = issued(assembly, 20)
    people = [make.person() for _ in codes]
    for person, code in reversed(list(zip(people, codes, strict=True))):
        actions.redeem(assembly, by=person, code=code)
    actions.mix_redemptions()
    assert list(Belonging.objects.order_by("pk").values_list("user_id", flat=True)) == [
        one.pk for one in people
    ]
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mark FROM ratings_spentcode ORDER BY {place}")  # noqa: S608
        marks = [mark for (mark,) in cursor.fetchall()]
    assert marks == sorted(marks)
    assert len(marks) == 20
    with refused(errors.CodeUnknown):
        actions.redeem(assembly, by=make.person(), code=codes[0])
    assert actions.redeem(assembly, by=people[0], code="") == ("local", True)


def test_only_a_ballot_cast_after_redeeming_is_a_local_one(assembly: Assembly) -> None:
    commitment = make.commitment(assembly)
    _, codes = issued(assembly, 20)
    people = [make.person() for _ in range(12)]
    for person in people:
        rate(commitment, person)
    for person, code in zip(people[:5], codes, strict=False):
        actions.redeem(assembly, by=person, code=code)
    actions.mix_ballots(TODAY)
    assert set(Ballot.objects.values_list("stratum", flat=True)) == {"other"}
    for person in people:
        rate(commitment, person)
    actions.mix_ballots(TODAY)
    assert sorted(Ballot.objects.values_list("stratum", flat=True)) == ["local"] * 5 + ["other"] * 7


def rate(commitment: Commitment, by: User) -> None:
    actions.cast(commitment, by=by, today=TODAY, said=Said(3))


def test_a_lost_batch_is_withdrawn_and_who_redeemed_stays_local(assembly: Assembly) -> None:
    batch, [code, *_] = issued(assembly)
    [person] = redeem(assembly, code)
    actions.withdraw_codes(batch, by=make.convenor())
    assert not LocalCode.objects.exists()
    assert actions.redeem(assembly, by=person, code="") == ("local", True)
    assert CodeBatch.objects.get().withdrawn_on is not None
    stranger = make.person()
    with refused(NotTheConvenor):
        actions.withdraw_codes(batch, by=stranger)


def test_a_batch_is_counted_in_steps_of_ten_and_once_a_week(assembly: Assembly) -> None:
    batch, codes = issued(assembly, 60)

    def shown(today: date) -> int | None:
        actions.count_redeemed(today)
        return CodeBatch.objects.get(pk=batch.pk).redeemed

    redeem(assembly, *codes[:9])
    assert shown(MONDAY) == 0
    redeem(assembly, *codes[9:19])
    assert shown(MONDAY) == 0
    assert shown(days(7, MONDAY)) == 10
    redeem(assembly, codes[19])
    assert shown(days(7, MONDAY)) == 10
    assert shown(days(14, MONDAY)) == 20


def test_a_small_batch_is_not_counted_at_all(assembly: Assembly) -> None:
    batch, codes = issued(assembly, 49)
    redeem(assembly, *codes[:20])
    actions.count_redeemed(MONDAY)
    assert CodeBatch.objects.get(pk=batch.pk).redeemed is None


def test_codes_are_made_by_the_convenor_of_a_size_that_can_be_printed(assembly: Assembly) -> None:
    _, codes = issued(assembly, 50, stratum="member")
    assert len(set(codes)) == 50
    assert all(len(code) == 14 and set(code) <= {*"BCDFGHJKLMNPQRSTVWXZ-"} for code in codes)
    convenor, stranger = make.convenor(), make.person()
    for number, stratum in ((5001, "local"), (0, "local"), (5, "other")):
        with refused(errors.BatchSize, "number"):
            actions.issue_codes(assembly, by=convenor, number=number, stratum=stratum)
    with refused(NotTheConvenor):
        actions.issue_codes(assembly, by=stranger, number=5)


def test_without_its_key_no_code_works_and_nothing_else_breaks(assembly: Assembly) -> None:
    _, [code, *_] = issued(assembly)
    keystore.store().destroy(keystore.name_of(assembly.slug, "codes"))
    with refused(errors.CodeUnknown):
        actions.redeem(assembly, by=make.person(), code=code)
    actions.count_redeemed(MONDAY)
    _, [fresh, *_] = issued(assembly)
    assert actions.redeem(assembly, by=make.person(), code=fresh).stratum == "local"


def printed(*options: str) -> str:
    out = StringIO()
    convenor = make.convenor()
    call_command(
        "issue_local_codes", "anytown-2025", "--by", convenor.email, "--number", "4", *options, stdout=out
    )
    return out.getvalue()


def test_codes_are_printed_as_lines_as_a_table_and_as_slips_to_cut(assembly: Assembly) -> None:
    assert len(printed().split()) == 4
    rows = list(csv.DictReader(StringIO(printed("--csv", "--member"))))
    assert [row["rates_as"] for row in rows] == ["member"] * 4
    page = printed("--print")
    assert page.count("<section>") == page.count("Anytown Citizens&#x27; Assembly") == 4
    assert "http://127.0.0.1:8000" in page
    assert not {"<script", "src=", "href="} & set(page.split())
    code = page.partition("<b>")[2].partition("</b>")[0]
    assert actions.redeem(assembly, by=make.person(), code=code) == ("local", False)


def test_the_command_says_in_words_what_is_wrong(assembly: Assembly) -> None:
    with pytest.raises(CommandError, match="no such assembly"):
        call_command("issue_local_codes", "nowhere", "--by", make.convenor().email)
    with pytest.raises(CommandError, match="convenor"):
        call_command("issue_local_codes", assembly.slug, "--by", make.person().email)
