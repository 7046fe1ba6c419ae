"""One mailbox, one voice: the spellings that a provider delivers to one place are one, and different people are two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from ratings import actions
from ratings.addresses import mailbox
from ratings.models import FreshBallot
from ratings.subjects import Said
from tests import make
from tests.make import TODAY

SAME = [
    # Tags after a plus, as Gmail, Outlook, iCloud, Proton, Fastmail and most others deliver them.
    ("ann@example.org", "ann+police@example.org"),
    ("ann@example.org", "ann+a+b@example.org"),
    ("ann@outlook.com", "ann+x@outlook.com"),
    ("ann@icloud.com", "ann+x@icloud.com"),
    # Gmail: dots mean nothing, and googlemail.com is the same.
    ("annother@gmail.com", "Ann.Other@googlemail.com"),
    ("annother@gmail.com", "a.n.n.o.t.h.e.r+1@gmail.com"),
    ("annother@gmail.com", "annother..@gmail.com"),
    # Names of one provider for one mailbox.
    ("ann@proton.me", "ann@pm.me"),
    ("ann@proton.me", "ann@protonmail.com"),
    ("ann@icloud.com", "ann@me.com"),
    ("ann@icloud.com", "ann@mac.com"),
    ("ann@yandex.com", "ann@ya.ru"),
    # Proton ignores dots, dashes and underscores.
    ("annother@proton.me", "Ann.Other@proton.me"),
    ("annother@proton.me", "ann_other@pm.me"),
    ("annother@proton.me", "ann-other@protonmail.com"),
    # Fastmail: any name before the domain of a mailbox is a tag.
    ("ann@fastmail.com", "police@ann.fastmail.com"),
    ("ann@fastmail.fm", "anything+x@ann.fastmail.fm"),
    # Yahoo: disposable addresses have a dash.
    ("ann@yahoo.co.uk", "ann-police@yahoo.co.uk"),
    # How it is written: case, width, dots at the end, spaces, and the two forms of a domain.
    ("ann@example.org", " ANN@Example.ORG. "),
    ("ann@example.org", "ａｎｎ@example.org"),
    ("ann@example.org", "ann@example。org"),
    ("jose\u0301@example.org", "josé@example.org"),
    ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
    ("ann@straße.example", "ann@STRASSE.example"),
]
TWO = [
    ("ann@example.org", "anne@example.org"),
    ("ann@example.org", "ann@example.com"),
    # A dot means something where the provider does not say otherwise.
    ("annother@example.org", "ann.other@example.org"),
    ("annother@outlook.com", "ann.other@outlook.com"),
    ("ann-other@example.org", "ann@example.org"),
    # A tag alone is a name, or two people who begin with a plus would be one.
    ("+a@example.org", "+b@example.org"),
    ("ann@fastmail.com", "bob@fastmail.com"),
    ("police@ann.example.org", "police@bob.example.org"),
    ("ann@hotmail.com", "ann@outlook.com"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_mailbox(one: str, other: str) -> None:
    assert mailbox(one) == mailbox(other)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_two_mailboxes(one: str, other: str) -> None:
    assert mailbox(one) != mailbox(other)


@given(st.emails())
def test_a_mailbox_is_its_own_mailbox(address: str) -> None:
    assert mailbox(mailbox(address)) == mailbox(address)
    assert mailbox(address).count("@") >= 1
    assert not mailbox(address).startswith("@")


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [SAME[4], SAME[15]])
def test_two_accounts_with_one_mailbox_have_one_ballot(one: str, other: str) -> None:
    commitment = make.commitment()
    for score, address in enumerate((one, other), start=1):
        voter = User.objects.create_user(address)
        actions.cast(commitment, by=voter, today=TODAY, said=Said(score))
    assert FreshBallot.objects.count() == 1
    first = User.objects.get(email=one.lower())
    assert actions.own(commitment, by=first, today=TODAY).score == 2
