"""Signing in: an address that is confirmed by a mailed code, in the middle of whatever somebody wants to send.

What they want to send waits in their own form, as hidden fields, until the code was right. Nothing of it is kept here,
and nothing of it is in an address. No account is looked for before a code was right, so that no answer tells of one.
"""

import logging
from smtplib import SMTPException
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import codes, limits
from accounts.backends import BY_CODE, as_resident
from accounts.limits import Count
from accounts.models import User, canonical
from portal import code_mail
from portal.desk import proofs
from portal.private import TICKET, Fault, private, refused
from portal.typed import fault_of_address
from ratings.addresses import mailbox

SHORT = 2 * 60 * 60
"""So many seconds one stays signed in, unless one asks for longer on a device of one's own."""
ADDRESS, CODE, STAY, AGAIN, NEXT = "address", "code", "stay", "again", "next"
OURS = frozenset({"csrfmiddlewaretoken", ADDRESS, CODE, STAY, AGAIN})
Words = str | Promise
SIGN_IN = gettext_lazy("Sign in")
log = logging.getLogger(__name__)


def person(request: HttpRequest, what: Words) -> User | HttpResponse:
    """Who sends this form; or the page that asks for the address or the code, with the form in it.

    `what` is what they are about to do, as the page's heading says it.
    """
    if isinstance(request.user, User):
        return request.user
    if CODE in request.POST:
        return _by_code(request, what)
    if ADDRESS in request.POST:
        return _send(request, what)
    return _ask_address(request, what)


@private
def sign_in(request: HttpRequest) -> HttpResponse:
    """By itself, on the way to a page of one's own."""
    if request.method != "POST" and not isinstance(request.user, User):
        return _ask_address(request, SIGN_IN)
    who = person(request, SIGN_IN)
    if isinstance(who, User):
        return redirect(_next(request))
    if (
        TICKET in who.cookies
    ):  # a page to come back to, for telephones that forget while one looks for the mail
        answer = redirect(f"{reverse('sign_in_code')}{_query(request)}")
        answer.cookies = who.cookies
        return answer
    return who


@private
def enter_code(request: HttpRequest) -> HttpResponse:
    """Where one comes back with the code."""
    if request.method == "POST":
        return sign_in(request)
    if isinstance(request.user, User):
        return redirect(_next(request))
    if TICKET not in request.COOKIES:
        return redirect(f"{reverse('sign_in')}{_query(request)}")
    return _ask_code(request, SIGN_IN)


@private
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session. A page with a button, which is also posted to from others."""
    if request.method == "POST":
        logout(request)
    return render(request, "portal/people/signed_out.html", {"is_out": request.method == "POST"})


def _ask_address(request: HttpRequest, what: Words, *faults: Fault) -> HttpResponse:
    status = 400 if faults else 200
    return _page(request, "address", what, faults, status, typed=request.POST.get(ADDRESS, ""))


def _ask_code(request: HttpRequest, what: Words, *faults: Fault) -> HttpResponse:
    return _page(request, "code", what, faults, 400 if faults else 200, minutes=codes.LIVES.seconds // 60)


def _page(
    request: HttpRequest, name: str, what: Words, faults: tuple[Fault, ...], status: int, **more: object
) -> HttpResponse:
    context = {"what": what, "carried": _carried(request), "faults": faults, **more}
    return render(request, f"portal/people/{name}.html", context, status=status)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What waits to be sent, as the form has it."""
    sent = request.POST if request.method == "POST" else request.GET
    names = [name for name in sent if name not in OURS] if request.method == "POST" else [NEXT]
    return [(name, value) for name in names for value in sent.getlist(name)]


def _send(request: HttpRequest, what: Words) -> HttpResponse:
    """Mail a code. The same for every address, up to whether a mail goes out to one that had enough of them."""
    address = canonical(request.POST[ADDRESS])
    fault = fault_of_address(ADDRESS, address)
    if fault:
        return _ask_address(request, what, fault)
    over = asked_too_often(request)
    if over:
        return _too_often(request, over)
    if _has_enough_mail(address):
        ticket = codes.pretend(address)
    else:
        ticket, code = codes.ask(address)
        try:
            code_mail.send(address, code)
        except (SMTPException, OSError) as error:
            log.error("A code could not be mailed: %s.", type(error).__name__)
            return refused(
                request, _("The mail could not be sent just now. Try again in a minute."), status=503
            )
    answer = _ask_code(request, what)
    answer.set_cookie(
        TICKET,
        ticket,
        max_age=codes.LIVES.seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _by_code(request: HttpRequest, what: Words) -> User | HttpResponse:
    """Sign in, if the code and this browser belong together."""
    over = _count("sign-in-tries", settings.SIGN_IN_PER_NETWORK, limits.network(request))
    if over:
        return _too_often(request, over)
    ticket = request.COOKIES.get(TICKET, "")
    address = codes.confirmed(ticket, request.POST[CODE])
    if address is None and codes.is_open(ticket):
        return _ask_code(request, what, Fault(CODE, _("This is not the code. Look at the newest mail.")))
    if address is None:
        over_now = _("This code is used up, or its ten minutes are over. Ask for a new one.")
        return _ask_address(request, what, Fault(ADDRESS, over_now))
    for limit in limits.limits("sign-in-tries", settings.SIGN_IN_PER_NETWORK):
        limits.give_back(limit, limits.network(request))
    return _signed_in(request, codes.account_of(address))


def _signed_in(request: HttpRequest, user: User) -> User | HttpResponse:
    """The person as a resident, in a session whose key nobody could know before."""
    if not user.is_active:
        words = _("This account is closed. Who runs this service can say why, and open it again.")
        return refused(request, words, status=403)
    user = as_resident(user)
    login(request, user, backend=BY_CODE)
    proofs.note(request, proofs.CODE)
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if STAY in request.POST else SHORT)
    return user


def asked_too_often(request: HttpRequest) -> list[Count]:
    """By this network; and all together, of which a network that is over its limit takes nothing."""
    return _count("sign-in", settings.SIGN_IN_PER_NETWORK, limits.network(request)) or _count(
        "sign-in", settings.SIGN_IN_OVERALL, "overall"
    )


def _has_enough_mail(address: str) -> bool:
    """Told to nobody: it would tell that somebody else asks for this address."""
    return bool(_count("sign-in", settings.SIGN_IN_PER_ADDRESS, f"address:{mailbox(address)}"))


def _count(name: str, words: str, who: str) -> list[Count]:
    return limits.count_all(limits.limits(name, words), who)


def _too_often(request: HttpRequest, over: list[Count]) -> HttpResponse:
    words = _("Codes were asked for or typed too often from where you are, or by everybody together.")
    return refused(request, words, status=429, wait=max(count.resets_in for count in over))


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: a page of ours, or one's account."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("account")


def _query(request: HttpRequest) -> str:
    wanted = _next(request)
    return "" if wanted == reverse("account") else f"?{urlencode({NEXT: wanted})}"
