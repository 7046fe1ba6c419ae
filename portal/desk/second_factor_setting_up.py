"""Setting up a second factor, and what comes first: for the first one the password and a mailed code, so that neither a
stolen password nor a stolen mailbox alone is enough where there are both; for a further one, one that is there already.
"""

import logging
from collections.abc import Callable
from functools import wraps
from smtplib import SMTPException
from typing import Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import codes, factors, limits, notices, second_factor
from accounts.models import User, canonical
from portal import code_mail
from portal.desk import passkeys, proofs
from portal.desk.door import NEXT, afterwards, led
from portal.desk.tries import Tries, too_often
from portal.private import Fault, View, private, refused
from ratings.addresses import mailbox

CODE, SEND, NAME = "code", "send", "name"
TICKET, SECRET = "desk_ticket", "desk_app"
GROUP = 4
TRIES = Tries("desk-code")
log = logging.getLogger(__name__)


def owed(request: HttpRequest, user: User) -> str:
    """What is still to be proved before a factor may be added or taken away; blank for nothing."""
    if user.acts_in_office:
        return "" if proofs.has(request, proofs.FACTOR, proofs.TO_CHANGE) else proofs.FACTOR
    if second_factor.is_set_up(user):
        return proofs.FACTOR
    if user.has_usable_password() and not proofs.has(request, proofs.PASSWORD, proofs.TO_SET_UP):
        return proofs.PASSWORD
    return "" if proofs.has(request, proofs.CODE, proofs.TO_SET_UP) else proofs.CODE


def proved(view: Callable[Concatenate[HttpRequest, User, ...], HttpResponse]) -> View:
    """A page that changes what opens the account: for somebody who has proved enough to, lately."""

    @private
    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return led(request, "desk_sign_in")
        missing = owed(request, user)
        if missing == proofs.FACTOR:
            return led(request, "desk_second_factor")
        if missing == proofs.PASSWORD:
            return redirect(f"{led(request, 'desk_sign_in')['Location']}&password=1")
        return led(request, "desk_by_mail") if missing else view(request, user, *args, **kwargs)

    return page


@private
def by_mail(request: HttpRequest) -> HttpResponse:
    """A code to the address of the account, and typing it in."""
    user = request.user
    if not isinstance(user, User):
        return led(request, "desk_sign_in", afterwards(request))
    if CODE in request.POST:
        return _code_typed(request, user)
    if request.method == "POST":
        return _code_sent(request, user)
    return _mail_page(request)


@proved
@require_safe
def set_up(request: HttpRequest, user: User) -> HttpResponse:
    """The choice between an app and a passkey."""
    return render(request, "portal/desk/set_up.html", {"next": afterwards(request)})


@proved
def app(request: HttpRequest, user: User) -> HttpResponse:
    """An app: its secret as a square of dots and in letters, and the first code that it shows."""
    sealed = request.session.get(SECRET)
    if request.method != "POST" or not sealed:
        sealed = request.session[SECRET] = sealed or factors.seal(second_factor.new_secret())
        return _app_page(request, factors.unseal(sealed))
    over = TRIES.one_more(request, str(user.pk))
    if over:
        return too_often(request, over)
    secret = factors.unseal(sealed)
    if not second_factor.add_app(user, secret, request.POST.get(CODE, "")):
        words = _(
            "This is not the code that the app should show. Check the clock of your telephone, and try again."
        )
        return _app_page(request, secret, Fault(CODE, words))
    TRIES.right(request, str(user.pk))
    del request.session[SECRET]
    return _added(request, user)


@proved
@require_safe
def app_dots(request: HttpRequest, user: User) -> HttpResponse:
    """The secret as a square of dots, for the app's camera."""
    sealed = request.session.get(SECRET)
    if not sealed:
        return refused(request, _("Begin again: this set-up is over."), status=410)
    address = second_factor.app_address(user, factors.unseal(sealed))
    drawn = factors.Adapter().build_totp_svg(address)
    return HttpResponse(drawn, content_type="image/svg+xml")


@proved
def passkey(request: HttpRequest, user: User) -> HttpResponse:
    """A passkey: what the browser is asked, and what it answered."""
    if request.method != "POST":
        return _passkey_page(request, user)
    name = " ".join(request.POST.get(NAME, "").split()) or _("Passkey")
    answer = passkeys.answered(request.POST.get(passkeys.ANSWER, ""))
    if not second_factor.add_passkey(user, name, answer):
        words = _("The browser made no passkey that we can keep. Try again, or use an app instead.")
        return _passkey_page(request, user, Fault(NAME, words))
    return _added(request, user)


def _added(request: HttpRequest, user: User) -> HttpResponse:
    """In office from now on; with recovery codes, where there are none yet."""
    notices.tell(user, notices.FACTOR_ADDED)
    proofs.act_in_office(request, user)
    if second_factor.recovery_codes_left(user):
        return redirect(afterwards(request) if NEXT in request.POST else reverse("desk_security"))
    made = second_factor.new_recovery_codes(user)
    return render(request, "portal/desk/recovery_codes.html", {"made": made, "next": afterwards(request)})


def _app_page(request: HttpRequest, secret: str, *faults: Fault) -> HttpResponse:
    groups = [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)]
    context = {"faults": faults, "secret": " ".join(groups), "carried": [(NEXT, afterwards(request))]}
    return render(request, "portal/desk/totp.html", context, status=400 if faults else 200)


def _passkey_page(request: HttpRequest, user: User, *faults: Fault) -> HttpResponse:
    options = passkeys.asked(second_factor.ask_for_new_passkey(user))
    context = {"faults": faults, "options": options, "carried": [(NEXT, afterwards(request))]}
    return render(request, "portal/desk/passkey.html", context, status=400 if faults else 200)


def _mail_page(request: HttpRequest, *faults: Fault) -> HttpResponse:
    context = {
        "faults": faults,
        "is_sent": TICKET in request.session,
        "minutes": codes.LIVES.seconds // 60,
        "carried": [(NEXT, afterwards(request))],
    }
    return render(request, "portal/desk/by_mail.html", context, status=400 if faults else 200)


def _code_sent(request: HttpRequest, user: User) -> HttpResponse:
    mails = limits.limits("sign-in", settings.SIGN_IN_PER_ADDRESS)
    over = limits.count_all(mails, f"address:{mailbox(user.email)}")
    if over:
        return too_often(request, over)
    ticket, code = codes.ask(user.email)
    try:
        code_mail.send(user.email, code)
    except (SMTPException, OSError) as error:
        log.error("A code could not be mailed: %s.", type(error).__name__)
        return refused(request, _("The mail could not be sent just now. Try again in a minute."), status=503)
    request.session[TICKET] = ticket
    return led(request, "desk_by_mail", afterwards(request))


def _code_typed(request: HttpRequest, user: User) -> HttpResponse:
    over = TRIES.one_more(request, str(user.pk))
    if over:
        return too_often(request, over)
    ticket = request.session.get(TICKET, "")
    if codes.confirmed(ticket, request.POST[CODE]) != canonical(user.email):
        return _mail_page(request, Fault(CODE, _("This is not the code of the newest mail, or it is over.")))
    TRIES.right(request, str(user.pk))
    del request.session[TICKET]
    proofs.note(request, proofs.CODE)
    request.session.cycle_key()
    return redirect(afterwards(request))
