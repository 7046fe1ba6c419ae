"""Every word of residents' pages in every language: complete, in step with the sources, and compiled as it stands."""

import re
from collections import Counter

import polib
import pytest
from django.test import Client
from django.utils import translation

from tests import translating
from tests.translating import LANGUAGES, Message, file_of, key

PLACES = re.compile(r"%\(\w+\)[sd]|%%")
FOR_MAKERS = "portal/templates/portal/about/design.html"
"""Words that stand on the design system's own page alone, which shows English where there is nothing else."""
FORMS = {
    "ur": {1: "دن", 2: "دن", 5: "دن"},
    "pl": {1: "1 dzień", 2: "2 dni", 5: "5 dni", 22: "22 dni", 25: "25 dni"},
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language beside English."""
    return str(request.param)


def entries(language: str) -> polib.POFile:
    """The translations of a language."""
    return polib.pofile(str(file_of(language)))


def test_what_is_translated_is_what_the_sources_say(language: str) -> None:
    assert {key(entry) for entry in entries(language)} == set(translating.messages())


def test_a_message_is_collected_by_whatever_name_its_function_is_called() -> None:
    source = "from django.utils.translation import ngettext_lazy as counted, gettext_lazy as later\n"
    source += (
        "A, B = later('A promise'), counted('%(n)d day', '%(n)d days')\nC = elsewhere('Nothing of ours')\n"
    )
    assert set(translating.in_python(source)) == {Message("A promise"), Message("%(n)d day", "%(n)d days")}


def test_every_word_of_residents_pages_is_there(language: str) -> None:
    sources = translating.messages()
    missing = [entry.msgid for entry in entries(language) if not entry.translated() or entry.fuzzy]
    assert [text for text in missing if not _is_for_makers(text, sources)] == []


def _is_for_makers(text: str, sources: dict[translating.Message, list[str]]) -> bool:
    return all(places == [FOR_MAKERS] for message, places in sources.items() if message.text == text)


def test_a_translation_has_the_places_of_its_source_and_no_others(language: str) -> None:
    for entry in entries(language):
        if entry.msgid_plural:
            wanted = set(PLACES.findall(entry.msgid + entry.msgid_plural))
            many = list(entry.msgstr_plural.values())[-1]
            assert all(set(PLACES.findall(form)) <= wanted for form in entry.msgstr_plural.values()), (
                entry.msgid
            )
            assert not many or set(PLACES.findall(many)) == set(PLACES.findall(entry.msgid_plural)), (
                entry.msgid
            )
        elif entry.msgstr:
            assert Counter(PLACES.findall(entry.msgstr)) == Counter(PLACES.findall(entry.msgid)), entry.msgid


def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert file_of(language).with_suffix(".mo").read_bytes() == entries(language).to_binary()


def test_one_is_said_in_one_way_since_its_words_alone_are_what_is_looked_up() -> None:
    said = Counter((one.text, one.context) for one in translating.messages())
    assert [one for one, times in said.items() if times > 1] == []


@pytest.mark.parametrize(("language", "number"), [(one, n) for one, forms in FORMS.items() for n in forms])
def test_numbers_have_their_forms(language: str, number: int) -> None:
    with translation.override(language):
        said = translation.ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    assert said.endswith(FORMS[language][number])


@pytest.mark.django_db
def test_a_page_in_another_language_says_that_a_machine_translated_it(language: str) -> None:
    header = entries(language).header
    assert "made by a machine" in header
    with translation.override(language):
        said = translation.gettext(
            "A machine translated this page, and no one has checked it yet. People's own words stay in English."
        )
    page = Client().get(f"/{language}/").content.decode()
    assert said in page
    assert "A machine translated" not in page
    assert "A machine" not in Client().get("/").content.decode()
