"""The weekly sheet of an assembly for a scrutiny board: two pages of A4, and what does not fit is counted."""

from base64 import b64encode
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from commitments.errors import NotIndependent, NotTheConvenor
from commitments.models import Assembly
from portal.desk import sheet_lines
from portal.desk.door import desk
from portal.desk.queue import seats as sitting
from record import checkpoints, clock
from record.models import Head


@desk
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """For its convenor and its panel, who take it to the board. About forty questions, however much there is."""
    assembly = Assembly.objects.filter(slug=slug).first()
    if assembly is None:
        raise Http404
    _check(request, slug)
    today, signed = clock.today(), checkpoints.latest()
    context = {
        "it": assembly,
        "today": today,
        "first": today - sheet_lines.WEEK,
        "counted": sheet_lines.counted(assembly, today),
        "sections": _sections(request, assembly, today),
        "themes": sheet_lines.themes(assembly, today),
        "left_themes": max(0, assembly.themes.count() - sheet_lines.THEMES),
        "assembly_address": _address(request, reverse("assembly", args=[slug])),
        "record_address": _address(request, reverse("record")),
        "position": Head.objects.values_list("position", flat=True).get(),
        "signed": signed,
        "root": b64encode(signed.root).decode() if signed else "",
    }
    return render(request, "portal/desk/sheet.html", context)


def _check(request: HttpRequest, slug: str) -> None:
    """Raise unless the person sits in an independent office of the assembly."""
    seats = sitting.of(request.user) if isinstance(request.user, User) else sitting.Seats()
    if slug in (*seats.convened, *seats.panels):
        return
    if slug in {one.partition(":")[2] for one in seats.shut}:
        raise NotIndependent(assembly=slug)
    raise NotTheConvenor(assembly=slug)


def _sections(request: HttpRequest, assembly: Assembly, today: date) -> list[sheet_lines.Section]:
    made = (part(assembly, today) for part in sheet_lines.PARTS)
    return [one._replace(address=_address(request, one.address)) for one in made]


def _address(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)
