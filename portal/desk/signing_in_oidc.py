"""Signing in with an account of one's own body, at its issuer (OpenID Connect). Off unless it is set.

The issuer speaks for its own body alone. It opens an account that is here already and holds an office of that body, by
an address that the issuer has verified; it makes no account and no office. For offices of that body it is as good as a
second factor, which the body asks for itself. Who holds another office too (a convenor, the panel, another body, the
service itself) gives one here: otherwise whoever runs the issuer could speak for those who judge it. Everybody else's
account stays shut to it: otherwise they could look at how residents rate.
"""

import logging
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from requests import RequestException

from accounts import limits, roles
from accounts.backends import BY_ISSUER, is_spoken_for
from accounts.models import User, canonical
from portal.desk import proofs
from portal.desk.door import afterwards, led
from portal.desk.tries import too_often
from portal.private import private, refused

PROVIDER = "own"
STARTED = "desk_oidc_next"
FAILED = (OAuth2Error, RequestException, jwt.PyJWTError, ValueError, TypeError, LookupError)
"""What is raised where an issuer does not answer, or answers what it should not."""
log = logging.getLogger(__name__)


@private
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """To the issuer, and back."""
    over = limits.count_all(
        limits.limits("oidc", settings.SIGN_IN_PER_NETWORK), limits.network(request)
    ) or limits.count_all(limits.limits("oidc", settings.SIGN_IN_OVERALL), "overall")
    if over:
        return too_often(request, over)
    provider = _provider(request)
    request.session[STARTED] = afterwards(request)
    try:
        return HttpResponse(status=302, headers={"Location": provider.redirect(request, "login").url})
    except FAILED as error:
        return _not_now(request, error)


@private
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the issuer says; then it is as with any other way of signing in."""
    if provider_id != PROVIDER:
        raise Http404
    provider = _provider(request)
    state = statekit.unstash_state(
        request, provider_id=provider.sub_id, state_id=request.GET.get("state", "")
    )
    if state is None or "code" not in request.GET:
        words = _("That came back without what it needs: it was cancelled, or took too long. Sign in again.")
        return refused(request, words, status=400)
    try:
        address = _verified_address(request, provider, state)
    except FAILED as error:
        return _not_now(request, error)
    user = User.objects.filter(email=address).first() if address else None
    if user is None or not _is_of_this_body(user):
        words = _(
            "No account of an office of %(name)s has the address that it has verified for you. Whoever runs this "
            "service can say why."
        )
        return refused(request, words % {"name": settings.OIDC["NAME"]}, status=403)
    return _signed_in(request, user)


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    to = request.session.pop(STARTED, None)
    if is_spoken_for(user):
        proofs.act_in_office(request, user, by=BY_ISSUER)
        return redirect(to or "desk")
    proofs.wait_for_factor(request, user, by=proofs.ISSUER)
    return led(request, "desk_second_factor", to)


def _is_of_this_body(user: User) -> bool:
    """Whether this person, whose account is open, holds an office of the body whose issuer it is."""
    return roles.held(user).filter(organisation__slug=settings.OIDC["ORGANISATION"]).exists()


def _verified_address(request: HttpRequest, provider: Any, state: dict[str, Any]) -> str:
    """The address in the token that the issuer signed, if it says that it has verified it; blank if not."""
    adapter = OpenIDConnectOAuth2Adapter(request, PROVIDER)
    client = adapter.get_client(request, provider.app)
    answer = adapter.get_access_token_data(
        request, provider.app, client, pkce_code_verifier=state.get("pkce_code_verifier")
    )
    said: dict[str, Any] = jwtkit.verify_and_decode(
        credential=answer["id_token"],
        keys_url=adapter.openid_config["jwks_uri"],
        issuer=adapter.openid_config["issuer"],
        audience=provider.app.client_id,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )
    if "email" not in said:
        said |= _user_info(adapter, answer["access_token"], said["sub"])
    return canonical(str(said.get("email", ""))) if said.get("email_verified") is True else ""


def _user_info(adapter: Any, token: str, subject: str) -> dict[str, Any]:
    """The same of the same person, from issuers that keep their tokens short."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(adapter.profile_url, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    if said["sub"] != subject:
        raise ValueError("The issuer speaks of two people.")
    return {name: said[name] for name in ("email", "email_verified") if name in said}


def _provider(request: HttpRequest) -> Any:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    return get_adapter().get_provider(request, PROVIDER)


def _not_now(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("Signing in at the issuer failed: %s.", type(error).__name__)
    words = _(
        "%(name)s did not answer as it should. Sign in with your password or a code, or try again later."
    )
    return refused(request, words % {"name": settings.OIDC["NAME"]}, status=503)
