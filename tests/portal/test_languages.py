"""Which language a page speaks: what its address says, and nothing else."""

import pytest
from django.test import Client
from django.utils import translation

from portal import languages

pytestmark = pytest.mark.django_db


def test_the_address_alone_chooses_the_language_and_its_direction() -> None:
    asks_for_polish = {"Accept-Language": "pl", "Cookie": "django_language=pl"}
    english = Client().get("/", headers=asks_for_polish)
    assert b'<html lang="en-GB" dir="ltr">' in english.content
    urdu = Client().get("/ur/", headers=asks_for_polish)
    assert b'<html lang="ur" dir="rtl">' in urdu.content
    for answer in (english, urdu):
        assert "language" not in answer.get("Vary", "").lower()
        assert not answer.cookies
    assert translation.get_language() == "en-gb"


@pytest.mark.parametrize("path", ["/de/", "/en/", "/en-gb/", "/UR/", "/pl-PL/", "/ur/api/v1/", "/ur/ur/"])
def test_there_is_one_address_for_each_language(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_each_page_leads_to_itself_in_the_other_languages() -> None:
    text = Client().get("/ur/").content.decode()
    assert '<a href="/pl/" hreflang="pl" lang="pl">polski</a>' in text
    assert '<a href="/" hreflang="en-gb" lang="en-gb">English</a>' in text
    assert [one.path for one in languages.languages_at("/pl/areas/")] == [
        "/areas/",
        "/ur/areas/",
        "/pl/areas/",
    ]
    assert "A machine translated this page" not in Client().get("/").content.decode()
