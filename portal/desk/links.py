"""Links that show what an update says, as they are typed at the desk: rows of an address and, if one likes, a title."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _

from commitments.promises import EvidenceLink
from portal.desk.reading import fault_of_line
from portal.private import Fault
from record.values import has_control_characters, is_web_address

ROWS = (1, 2, 3)
LONGEST_ADDRESS, LONGEST_TITLE = 1000, 300


@dataclass(frozen=True)
class Row:
    """One row of the form."""

    number: int
    address: str
    title: str

    @property
    def address_field(self) -> str:
        """The name of the field of the address."""
        return f"link-{self.number}"

    @property
    def title_field(self) -> str:
        """The name of the field of the title."""
        return f"link-title-{self.number}"

    @property
    def whole(self) -> str:
        """The address with its scheme, which people leave out."""
        scheme, colon, rest = self.address.partition("://")
        return f"{scheme.lower()}{colon}{rest}" if colon else f"https://{self.address}"

    @property
    def link(self) -> EvidenceLink:
        """As the update keeps it: without a title it is called by its host."""
        return EvidenceLink(self.title or urlsplit(self.whole).hostname or self.whole, self.whole)

    def fault(self) -> Fault | None:
        """What is wrong with it."""
        if not self.address:
            words = _("Add the address that this title is of, or take the title out.")
            return Fault(self.address_field, words) if self.title else None
        if (
            has_control_characters(self.address)
            or len(self.whole) > LONGEST_ADDRESS
            or not is_web_address(self.whole)
        ):
            words = _("Give the address of a page, such as https://example.org/report.")
            return Fault(self.address_field, words)
        return fault_of_line(self.title_field, self.title, LONGEST_TITLE)


def rows(request: HttpRequest) -> list[Row]:
    """All rows of the form, as they were typed."""
    post = request.POST
    return [
        Row(number, post.get(f"link-{number}", "").strip(), post.get(f"link-title-{number}", "").strip())
        for number in ROWS
    ]
