"""The assembly that a convenor's page is about, and whether this person convenes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from commitments import permissions
from commitments.models import Assembly
from portal.desk.sending import person
from record import clock
from record.refusals import Missing


def convened(request: HttpRequest, slug: str) -> Assembly:
    """The assembly. Raises Missing; NotTheConvenor; NotIndependent where a body of the person's owns something."""
    assembly = Assembly.objects.filter(slug=slug).first()
    if assembly is None:
        raise Missing
    permissions.check_convenor(person(request), assembly.slug)
    return assembly


@dataclass(frozen=True)
class Row:
    """A line of a list: something that waits or stands, and the page on which it is dealt with."""

    title: Any
    href: str
    ref: str = ""
    said: tuple[Any, ...] = ()
    end: Any = ""


def listing(
    request: HttpRequest,
    assembly: Assembly,
    title: Any,
    lead: Any,
    rows: Sequence[Row],
    ways: Iterable[tuple[Any, str]] = (),
) -> HttpResponse:
    """A list of things with what one can do beside it (`ways`: name and address)."""
    page = {"assembly": assembly, "title": title, "lead": lead, "rows": rows, "ways": ways}
    return render(request, "portal/desk/convenor/list.html", page | {"sent": "sent" in request.GET})


def waited(since: date) -> str:
    """For how long something has waited."""
    n = (clock.today() - since).days
    return ngettext("waits for %(n)s day", "waits for %(n)s days", n) % {"n": n}
