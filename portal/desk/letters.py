"""Local codes: issuing a batch, whose letters are shown this once to be printed; and making a lost batch useless.

A letter's QR code leads to the page on which a code is typed, with the code after `#`: browsers send that part to no
server, so it stands in no address of ours and in no log. Without JavaScript one types it. Only hashes of codes are
kept: who loses the letters withdraws the batch, and issues another.
"""

from typing import Any
from uuid import UUID

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe
from qrcode.constants import ERROR_CORRECT_M

from commitments import permissions
from commitments.models import Assembly
from portal.desk.assembly import convened
from portal.desk.door import desk
from portal.desk.once import once, token
from portal.desk.sending import FORM, person
from portal.private import Fault, said, status_of
from portal.templatetags.desk_forms import Option
from ratings import actions
from ratings.choices import Stratum
from ratings.models import CodeBatch
from record.refusals import Missing, Refusal

MOST = 500
"""So many letters fit into one page; more are more batches."""
NUMBER, STRATUM, LAYOUT = "number", "stratum", "layout"
PAGE, HALF = "page", "half"
QUIET = 4
"""Empty modules around a QR code, as its standard asks."""
MASK = 3
"""Any of the eight will do for a scanner; to try all of them takes most of the time."""
STRATA: dict[str, tuple[str | Promise, str | Promise]] = {
    Stratum.LOCAL: (later("Local residents"), later("Letters to homes in the area.")),
    Stratum.MEMBER: (later("Members of the assembly"), later("Letters to those who sat in it.")),
}
LAYOUTS = {
    HALF: (later("Two on a page"), later("A4, to be cut across the middle.")),
    PAGE: (later("One on a page"), later("A4, to be folded into an envelope.")),
}


@desk
@require_safe
def codes(request: HttpRequest, slug: str) -> HttpResponse:
    """The batches of one assembly, and a form for another."""
    return _form(request, convened(request, slug), [])


@desk
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a batch, and show its letters this once."""
    assembly = convened(request, slug)
    if request.method != "POST":
        return redirect("desk_codes", slug)
    faults = _faults(request)
    if faults:
        return _form(request, assembly, faults)
    issued: list[str] = []

    def sending() -> str:
        _batch, made = actions.issue_codes(
            assembly, by=person(request), number=int(request.POST[NUMBER]), stratum=request.POST[STRATUM]
        )
        issued.extend(made)
        return reverse("desk_codes", args=[slug])

    try:
        after = once(request, sending)
    except Refusal as no:
        return _form(request, assembly, [Fault(FORM, said(no))], status_of(no))
    return (
        render(request, "portal/desk/letters.html", _printed(request, assembly, issued)) if issued else after
    )


@desk
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make the codes of a lost batch useless."""
    rows = CodeBatch.objects.select_related("assembly")
    batch = rows.filter(pk=key).first()
    if batch is None:
        raise Missing
    permissions.check_convenor(person(request), batch.assembly.slug)
    if request.method != "POST":
        page = {"assembly": batch.assembly, "batch": batch, "stratum": STRATA[batch.stratum][0]}
        return render(request, "portal/desk/convenor/withdraw_codes.html", page)
    actions.withdraw_codes(batch, by=person(request))
    return redirect("desk_codes", batch.assembly.slug)


def drawn(text: str) -> tuple[str, int]:
    """A QR code as the path of an SVG of so many units in square: one stroke for each run of dark modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return "".join(_runs(row, y) for y, row in enumerate(rows)), len(rows)


def _runs(row: list[bool], y: int) -> str:
    found, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            found.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(found)


def _printed(request: HttpRequest, assembly: Assembly, issued: list[str]) -> dict[str, Any]:
    address = settings.PUBLIC_URL.rstrip("/") + reverse("local_code", args=[assembly.slug])
    told = []
    for code in issued:
        path, size = drawn(f"{address}#{code}")
        told.append({"code": code, "path": path, "size": size})
    stratum = request.POST[STRATUM]
    return {
        "assembly": assembly,
        "letters": told,
        "address": address.partition("://")[2],
        "is_member": stratum == Stratum.MEMBER,
        "layout": request.POST[LAYOUT],
    }


def _faults(request: HttpRequest) -> list[Fault]:
    number = request.POST.get(NUMBER, "").strip()
    found = []
    if not (
        number.isascii()
        and number.isdigit()
        and 1 <= int(number[:6]) <= MOST
        and len(number) <= len(str(MOST))
    ):
        found.append(
            Fault(
                NUMBER,
                _("Write a number from 1 to %(most)s; more letters are more batches.") % {"most": MOST},
            )
        )
    for field, known in ((STRATUM, STRATA), (LAYOUT, LAYOUTS)):
        if request.POST.get(field) not in known:
            found.append(Fault(field, _("Choose one of the answers.")))
    return found


def _form(request: HttpRequest, assembly: Assembly, faults: list[Fault], status: int = 400) -> HttpResponse:
    batches = [
        {"it": one, "stratum": STRATA[one.stratum][0]} for one in CodeBatch.objects.filter(assembly=assembly)
    ]
    page = {
        "assembly": assembly,
        "batches": batches,
        "faults": faults,
        "sent": "sent" in request.GET,
        "once": token(),
        "strata": [Option(key, *words) for key, words in STRATA.items()],
        "layouts": [Option(key, *words) for key, words in LAYOUTS.items()],
        "typed": {name: request.POST.get(name, "") for name in (NUMBER, STRATUM, LAYOUT)},
    }
    return render(request, "portal/desk/convenor/codes.html", page, status=status if faults else 200)
