"""Giving the second factor: on the way in, and again before something is changed that opens the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import notices, second_factor
from accounts.models import User
from portal.desk import passkeys, proofs
from portal.desk.door import NEXT, afterwards, led
from portal.desk.tries import Tries, too_often
from portal.private import Fault, private

CODE = "code"
TRIES = Tries("second-factor")


@private
def give(request: HttpRequest) -> HttpResponse:
    """A code of an app, a recovery code, or a passkey. Who has none is led to set one up."""
    user = request.user
    if not isinstance(user, User):
        return led(request, "desk_sign_in", afterwards(request))
    if user.acts_in_office and proofs.has(request, proofs.FACTOR, proofs.TO_CHANGE):
        return redirect(afterwards(request))
    if not second_factor.is_set_up(user):
        return led(request, "desk_set_up", afterwards(request))
    return _given(request, user) if request.method == "POST" else _page(request, user)


def _given(request: HttpRequest, user: User) -> HttpResponse:
    over = TRIES.one_more(request, str(user.pk))
    if over:
        return too_often(request, over)
    answer = request.POST.get(passkeys.ANSWER, "")
    if answer:
        kind = second_factor.PASSKEY if second_factor.is_passkey(user, passkeys.answered(answer)) else ""
        fault = Fault(passkeys.ANSWER, _("This passkey does not fit. Try again, or type a code."))
    else:
        kind = second_factor.kind_of(user, request.POST.get(CODE, ""))
        words = _("This code is not right, or was used before. Wait for the next one, and type that.")
        fault = Fault(CODE, words)
    if not kind:
        return _page(request, user, fault)
    TRIES.right(request, str(user.pk))
    proofs.act_in_office(request, user)
    if kind == second_factor.RECOVERY:
        notices.tell(user, notices.CODE_USED)
    return redirect(afterwards(request))


def _page(request: HttpRequest, user: User, *faults: Fault) -> HttpResponse:
    has_passkey = second_factor.has_passkey(user)
    context = {
        "faults": faults,
        "has_app": second_factor.has_app(user),
        "options": passkeys.asked(second_factor.ask_for_passkey(user)) if has_passkey else "",
        "carried": [(NEXT, afterwards(request))],
    }
    return render(request, "portal/desk/second_factor.html", context, status=400 if faults else 200)
