"""A file as it comes: bytes that must be JSON, and the words for what is wrong with it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from record.refusals import Invalid, NotNow

# What JSON can escape, but neither UTF-8 (half of a surrogate pair) nor PostgreSQL (NUL) can hold.
_UNKEEPABLE = re.compile(r"[\ud800-\udfff]|\\u0000")


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where (a JSON pointer, RFC 6901) and what would mend it."""

    pointer: str
    words: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the file'}: {self.words}"


class FileRefused(Invalid):
    """The file is not in the format, or says something impossible; nothing of it was written."""

    code = "file_refused"
    sentence = (
        "The file is refused as a whole, and nothing of it was written; mend this and try again:\n{list}"
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(list="\n".join(f"  {problem}" for problem in self.problems))


class NobodyConvenes(NotNow):
    """What is entered from elsewhere is entered by a convenor, and there is none."""

    code = "nobody_convenes"
    sentence = (
        "Nobody convenes {assembly} yet, and only a convenor enters from a source. The operator can name one: "
        "manage.py grant_role EMAIL convenor --assembly {assembly}"
    )


def read(path: Path) -> Any:
    """The JSON in the file at `path`. Raises FileRefused where there is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        raise FileRefused([Problem("", f"It cannot be read ({error.strerror}); check the path.")]) from error
    except UnicodeDecodeError as error:
        raise FileRefused([Problem("", "It is not UTF-8; save it as UTF-8.")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileRefused([Problem("", f"It is not JSON: {error.msg} at {where}.")]) from error
    if _UNKEEPABLE.search(json.dumps(data, ensure_ascii=False)):
        raise FileRefused(
            [Problem("", "It holds half a character or a NUL; write the whole text without them.")]
        )
    return data


def _no_number(name: str) -> Any:
    raise FileRefused([Problem("", f"{name} is not JSON; write the number, or null for unknown.")])
