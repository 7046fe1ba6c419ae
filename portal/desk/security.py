"""One's own security: what opens this account, and changing it."""

from typing import cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import notices, second_factor
from accounts.models import User
from portal.desk.door import with_second_factor
from portal.desk.second_factor_setting_up import proved
from portal.private import Fault, refused

REMOVE, PASSWORD, REPEATED = "remove", "password", "repeated"


@with_second_factor
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Every factor, the recovery codes, the password, and where one is signed in."""
    user = cast("User", request.user)
    context = {
        "found": second_factor.of(user),
        "left": second_factor.recovery_codes_left(user),
        "has_app": second_factor.has_app(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "portal/desk/security.html", context)


@proved
def remove(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Take a factor away, once one is sure; never the only one."""
    factor = second_factor.of(user).filter(pk=key).first()
    if factor is None:
        return redirect("desk_security")
    if request.method != "POST":
        return render(request, "portal/desk/remove_factor.html", {"factor": factor})
    if not second_factor.remove(user, key):
        words = _("This is your only second factor, and an office needs one. Add another first.")
        return refused(request, words, status=409)
    notices.tell(user, notices.FACTOR_REMOVED)
    return redirect("desk_security")


@proved
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    """New recovery codes, shown this once; those from before are over."""
    if not second_factor.is_set_up(user):
        return redirect("desk_set_up")
    if request.method != "POST":
        return render(
            request, "portal/desk/recovery_codes.html", {"left": second_factor.recovery_codes_left(user)}
        )
    made = second_factor.new_recovery_codes(user)
    notices.tell(user, notices.CODES_MADE)
    return render(request, "portal/desk/recovery_codes.html", {"made": made})


@proved
def password(request: HttpRequest, user: User) -> HttpResponse:
    """Set a password; every other session ends with the old one."""
    if request.method != "POST":
        return render(request, "portal/desk/password.html")
    person, typed = User.objects.get(pk=user.pk), request.POST.get(PASSWORD, "")
    faults = _faults(person, typed, request.POST.get(REPEATED, ""))
    if faults:
        return render(request, "portal/desk/password.html", {"faults": faults}, status=400)
    person.set_password(typed)
    person.save(update_fields=["password"])
    update_session_auth_hash(request, person)
    notices.tell(person, notices.WORD_SET)
    return redirect("desk_security")


def _faults(user: User, typed: str, repeated: str) -> list[Fault]:
    if typed != repeated:
        return [Fault(REPEATED, _("These two are not the same."))]
    try:
        validate_password(typed, user)
    except ValidationError as error:
        return [Fault(PASSWORD, " ".join(error.messages))]
    return []
