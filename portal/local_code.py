"""A code from a letter, which makes somebody a local resident, or a member of the assembly."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from commitments.models import Assembly
from portal import scale, signing_in
from portal.private import Fault, private, refused
from ratings import actions
from ratings.errors import CodeUnknown
from ratings.limits import LOCAL_CODES
from record.refusals import Missing

LONGEST = 40
GIVE = gettext_lazy("Use your local code")


@private
def local_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and using the code up."""
    assembly = Assembly.objects.filter(slug=slug).first()
    if assembly is None:
        raise Missing
    typed = request.POST.get("local", "").strip()
    if request.method != "POST":
        return _form(request, assembly)
    if not typed or len(typed) > LONGEST:
        return _form(request, assembly, Fault("local", _("Type the code from your letter.")))
    who = signing_in.person(request, GIVE)
    return _redeem(request, assembly, who, typed) if isinstance(who, User) else who


def _redeem(request: HttpRequest, assembly: Assembly, by: User, typed: str) -> HttpResponse:
    over = LOCAL_CODES.one_more(request, by)
    if over:
        words = _("Codes from letters were tried too often, by you or from where you are.")
        return refused(request, words, status=429, wait=over.resets_in)
    try:
        stratum, before = actions.redeem(assembly, by=by, code=typed)
    except CodeUnknown:
        words = _("This code is not one of ours, or was used or withdrawn. Ask the convenor for another.")
        return _form(request, assembly, Fault("local", words))
    LOCAL_CODES.succeeded(request)
    context = {"assembly": assembly, "stratum": scale.STRATA[stratum], "before": before}
    return render(request, "portal/people/local_code_used.html", context)


def _form(request: HttpRequest, assembly: Assembly, *faults: Fault) -> HttpResponse:
    context = {"assembly": assembly, "faults": faults, "longest": LONGEST}
    return render(request, "portal/people/local_code.html", context, status=400 if faults else 200)
