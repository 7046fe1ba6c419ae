"""The words of the portal, brought into its files of translations: `make messages`. Needs nobody's gettext.

What is in the sources and not yet in a language is added empty; what is no longer in the sources is taken out; each
language is compiled beside its file, so that whoever runs the service needs no compiler.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeGuard

import polib
from django.utils.translation.template import templatize

HERE = Path(__file__).resolve().parents[1]
PORTAL = HERE / "portal"
DESK = ("portal/desk/", "portal/templates/portal/desk/", "portal/templatetags/desk.py")
"""Pages for those who answer: English alone, so none of their words is asked for in another language."""
LANGUAGES = ("ur", "pl")
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), ("",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "", "plural")),
}
"""Functions that translate, and what each of their first arguments is; "" is the message itself."""
WRITTEN = re.compile(
    r"\b(n?p?gettext|_)\(((?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?)+)", re.DOTALL
)
"""One call in what Django makes of a template."""


class Message(NamedTuple):
    """Something to translate."""

    text: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, list[str]]:
    """Everything in the portal's sources that is translated, with the files in which it stands."""
    found: dict[Message, list[str]] = {}
    for file in sorted(PORTAL.rglob("*")):
        if file.relative_to(HERE).as_posix().startswith(DESK):
            continue
        read = {".py": in_python, ".html": in_template, ".txt": in_template}.get(file.suffix)
        for message in read(file.read_text(encoding="utf-8")) if read else ():
            places = found.setdefault(message, [])
            name = str(file.relative_to(HERE))
            places += [] if name in places else [name]
    return found


def in_python(source: str) -> Iterator[Message]:
    """What a module translates, by whatever name it calls those functions."""
    tree = ast.parse(source)
    called = {one.asname: one.name for node in ast.walk(tree) if _is_translation(node) for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            name = called.get(name, name)
            texts = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if name in CALLS and len(texts) >= len(CALLS[name]):
                yield _message(name, texts)


def _is_translation(node: ast.AST) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"


def in_template(source: str) -> Iterator[Message]:
    """What a template translates."""
    for name, arguments in WRITTEN.findall(templatize(source)):
        given = ast.literal_eval(f"({arguments.strip().rstrip(',')},)")
        yield _message(name, list(given))


def _message(name: str, texts: list[str]) -> Message:
    parts = dict(zip(CALLS[name], texts, strict=False))
    return Message(parts[""], parts.get("plural", ""), parts.get("context", ""))


def file_of(language: str) -> Path:
    """Where the translations of a language are."""
    return PORTAL / "locale" / language / "LC_MESSAGES" / "django.po"


def key(entry: polib.POEntry) -> Message:
    """What an entry of a file translates."""
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def write(language: str) -> int:
    """Bring the files of a language up to date; how many messages of it are still empty."""
    file = polib.pofile(str(file_of(language)), wrapwidth=100)
    wanted, there = messages(), {key(entry): entry for entry in file}
    for gone in there.keys() - wanted.keys():
        file.remove(there[gone])
    for message, places in wanted.items():
        entry = there.get(message) or _fresh(message, file)
        entry.occurrences = [(place, "") for place in places]
        formatted = "python-format" in entry.flags
        if not formatted and re.search(r"%\(\w+\)[sd]|%[sd]", message.text):
            entry.flags.append("python-format")
    file.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    file.save()
    file.save_as_mofile(str(file_of(language).with_suffix(".mo")))
    return sum(not entry.translated() for entry in file)


def _fresh(message: Message, file: polib.POFile) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None, msgstr="")
    if message.plural:
        forms = int(file.metadata["Plural-Forms"].partition("nplurals=")[2].partition(";")[0])
        entry.msgid_plural, entry.msgstr_plural = message.plural, dict.fromkeys(range(forms), "")
    file.append(entry)
    return entry


def main() -> int:
    """Bring every language up to date, and say what is missing."""
    for language in LANGUAGES:
        missing = write(language)
        sys.stdout.write(f"{file_of(language).relative_to(HERE)}: {missing} messages without a translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
