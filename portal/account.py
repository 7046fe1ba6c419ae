"""One's own account: what it holds, a copy of it, where one is signed in, and erasing it."""

import json
from datetime import datetime
from typing import Any

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts import roles, second_factor
from accounts.models import Session, User
from accounts.sessions import digest
from commitments.models import Challenge, Support
from notifications import endpoints, following, links, post
from notifications.models import Follower
from portal import scale, signing_in
from portal.private import private
from ratings import actions
from ratings.models import Belonging
from record import clock

BALLOTS = (
    "How many ratings you cast, and what they say, cannot be looked up here: they are kept without your account. Look "
    "for each where you cast it, while its quarter runs; after that nobody can tell which are yours."
)
ALL, END = "all", "end"


@private
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What we hold, and what one can do with it."""
    user = _user(request)
    if not isinstance(user, User):
        return user
    follower = _follower(user)
    context = {
        "user": user,
        "roles": list(roles.held(user).select_related("organisation", "team").order_by("pk")),
        "belongs": [(one.assembly, scale.STRATA[one.stratum]) for one in _belongs(user)],
        "challenges": _challenges(user),
        "supports": _supports(user).count(),
        "sessions": _sessions(request, user),
        "manage": links.address(links.MANAGE, follower) if follower else "",
    }
    return render(request, "portal/people/account.html", context)


@private
@require_safe
def copy(request: HttpRequest) -> HttpResponse:
    """Everything in one file."""
    user = _user(request)
    if not isinstance(user, User):
        return user
    content = json.dumps(copy_of(user), ensure_ascii=False, indent=2, default=_written)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@private
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; and the button that does it."""
    user = _user(request)
    if not isinstance(user, User):
        return user
    if request.method != "POST":
        return render(request, "portal/people/erase.html")
    with transaction.atomic():
        endpoints.forget_all(user)
        following.forget_person(user)
        post.forget_person(user)
        actions.erase_person(user)
    logout(request)
    return render(request, "portal/people/erased.html")


@private
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; ending one of them, or all."""
    user = _user(request)
    if not isinstance(user, User):
        return user
    if request.method == "POST":
        asked = request.POST.get(END, "")
        mine = user.sessions.all() if asked == ALL else user.sessions.filter(pk=asked)
        mine.delete()
        if asked in (ALL, digest(request.session.session_key or "")):
            logout(request)
            return render(request, "portal/people/signed_out.html", {"is_out": True})
        return redirect("sessions")
    return render(request, "portal/people/sessions.html", {"sessions": _sessions(request, user)})


def copy_of(user: User) -> dict[str, Any]:
    """All that is held about a person; what names nobody, such as ballots, cannot be in it."""
    follower = _follower(user)
    return {
        "email": user.email,
        "confirmed_at": user.confirmed_at,
        "created_at": user.created_at,
        "last_login": user.last_login,
        "roles": [
            {
                "role": one.role,
                "of": str(one.assembly or one.team or one.organisation),
                "since": one.created_at,
            }
            for one in roles.held(user).select_related("organisation", "team").order_by("pk")
        ],
        "keys": list(
            user.keys.values(
                "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"
            )
        ),
        "second_factors": second_factor.kept(user),
        "signed_in": list(user.sessions.values("began_at", "expire_date")),
        "rates_as": [{"assembly": one.assembly.slug, "stratum": one.stratum} for one in _belongs(user)],
        "challenges": _challenges(user),
        "supports": list(_supports(user).values_list("challenge_id", flat=True)),
        "follows": list(follower.follows.values("topic", "kinds", "confirmed_at")) if follower else [],
        "webhooks": list(user.endpoints.values("address", "created_at")),
        "ratings": BALLOTS,
    }


def _user(request: HttpRequest) -> User | HttpResponse:
    """Who is signed in; a stranger signs in first, and comes back."""
    if isinstance(request.user, User):
        return request.user
    return redirect(f"{reverse('sign_in')}?{urlencode({signing_in.NEXT: request.path})}")


def _belongs(user: User) -> list[Belonging]:
    rows = Belonging.objects.filter(user=user).select_related("assembly")
    return list(rows.order_by("assembly__slug"))


def _challenges(user: User) -> list[dict[str, Any]]:
    """Those that the person raised, whatever became of them."""
    rows: Any = Challenge.objects.filter(proposer=user).with_state(clock.today()).order_by("position")
    return list(
        rows.values(
            "id",
            "commitment__reference",
            "shown_state",
            "reason",
            "proposed_on",
            "reply_due_on",
            "refused_ground",
        )
    )


def _supports(user: User) -> Any:
    return Support.objects.filter(user=user).exclude(challenge__proposer=user).order_by("pk")


def _sessions(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    here = digest(request.session.session_key or "")
    rows = Session.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-began_at")
    return [{"row": one, "is_here": one.pk == here} for one in rows]


def _follower(user: User) -> Follower | None:
    rows = Follower.objects.filter(address=user.email, confirmed_at__isnull=False)
    return rows.first()


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
