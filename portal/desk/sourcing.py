"""Where something was read before it is entered here: address, date as far as it is known, and how good it is."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.choices import Reliability
from portal import wording
from portal.desk.guard import Typed
from portal.desk.reading import day_of, fault_of_line, line
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.values import is_web_address

URL, DATE, RELIABILITY, NOTE = "source_url", "source_date", "source_reliability", "source_note"
LONGEST_ADDRESS, LONGEST_NOTE = 2000, 500
PART_OF_A_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Source:
    """One published source, as it was typed."""

    url: str
    date: str
    reliability: str
    note: str

    @classmethod
    def of(cls, data: QueryDict) -> "Source":
        """As it was sent."""
        return cls(*(line(data.get(name, "")) for name in (URL, DATE, RELIABILITY, NOTE)))

    @property
    def dated(self) -> str | None:
        """The date as the record keeps it: a day, a month or a year; None for anything else."""
        if PART_OF_A_DATE.fullmatch(self.date):
            return self.date
        day = day_of(self.date)
        return day.isoformat() if day else None

    def faults(self) -> list[Fault]:
        """What is to be mended."""
        found = [self._address(), fault_of_line(NOTE, self.note, LONGEST_NOTE)]
        if self.date and self.dated is None:
            found.append(
                Fault(DATE, _("Write a day, a month or a year, such as 2025-05-06, 2025-05 or 2025."))
            )
        if self.reliability not in Reliability.values:
            found.append(Fault(RELIABILITY, _("Choose one of the answers.")))
        return [one for one in found if one]

    def sources(self) -> list[dict[str, Any]]:
        """As the verbs take it."""
        told = {"url": self._clean(), "date": self.dated, "reliability": self.reliability}
        return [{name: value for name, value in (told | {"note": self.note}).items() if value}]

    def context(self) -> dict[str, Any]:
        """What the form shows of it."""
        options = [Option(key, words) for key, words in wording.RELIABILITY.items()]
        return {"source": self, "reliabilities": options}

    def words(self) -> list[Typed]:
        """The note, which everybody will read."""
        return [Typed(NOTE, _("A note about the source"), self.note)]

    def _address(self) -> Fault | None:
        if fault_of_line(URL, self.url, LONGEST_ADDRESS) or not is_web_address(self._clean()):
            return Fault(URL, _("Give the address of the source, which begins with https:// or http://."))
        return None

    def _clean(self) -> str:
        """`HTTPS://…`, as some machines write it, is the same address."""
        scheme, colon, rest = self.url.partition(":")
        return f"{scheme.lower()}{colon}{rest}"
