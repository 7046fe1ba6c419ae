"""Numbers in the environment are whole numbers, or a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import settings


def test_a_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "12")
    assert settings.number("SOME_NUMBER", 3) == 12


@pytest.mark.parametrize("text", [None, ""])
def test_a_number_that_is_not_given_is_its_default(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    monkeypatch.delenv("SOME_NUMBER", raising=False)
    if text is not None:
        monkeypatch.setenv("SOME_NUMBER", text)
    assert settings.number("SOME_NUMBER", 3) == 3


@pytest.mark.parametrize("text", ["many", "1.5", "-1", "٣"])
def test_what_is_no_number_is_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SOME_NUMBER", text)
    with pytest.raises(ImproperlyConfigured, match="SOME_NUMBER is"):
        settings.number("SOME_NUMBER", 3)
