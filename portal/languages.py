"""Which language a page speaks: the one that its address names, and nothing else (no cookie, no header)."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

MACHINE_MADE = frozenset({"ur", "pl"})
"""Translated by a machine, and said so on each page until somebody who speaks the language has checked them."""


class Language(NamedTuple):
    """A language of the portal, and where the same page speaks it."""

    code: str
    name: str
    path: str
    is_present: bool


def language_of(path: str) -> str:
    """The code of the language in which this path is read: English without a prefix."""
    first = path.partition("/")[2].partition("/")[0]
    return first if first in _prefixes() else settings.LANGUAGE_CODE


def without_language(path: str) -> str:
    """The same path in English."""
    language = language_of(path)
    return path if language == settings.LANGUAGE_CODE else path.removeprefix(f"/{language}") or "/"


def languages_at(path: str, query: str = "") -> list[Language]:
    """Every language of the portal, with the address of this page in it."""
    bare, present = without_language(path), language_of(path)
    asked = f"{bare}?{query}" if query else bare
    return [
        Language(code, name, asked if code == settings.LANGUAGE_CODE else f"/{code}{asked}", code == present)
        for code, name in settings.LANGUAGES
    ]


def _prefixes() -> frozenset[str]:
    return frozenset(code for code, _ in settings.LANGUAGES) - {settings.LANGUAGE_CODE}


class LanguageFromPath:
    """Middleware. Speaks the language of the path while a request is answered, and only that long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in that language."""
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)
