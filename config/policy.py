"""The Content-Security-Policy of every answer: one for all, worked out once, but where a view asks for another."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

OTHERWISE = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")
"""What the decorators of django-csp leave on an answer."""


class PolicyMiddleware(CSPMiddleware):
    """Gives the policy of the settings; pages with one of their own get it as django-csp makes it. No nonces."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: nonces would be for scripts in the page, and there are none."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say it on the answer, unless it says one already."""
        if any(hasattr(response, name) for name in OTHERWISE):
            return super().process_response(request, response)
        if HEADER not in response:
            response[HEADER] = _usual()
        return response


@cache
def _usual() -> str:
    return build_policy(config=settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
