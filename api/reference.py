"""The front door of the API, its contract, and our own browsable reference: plain pages without scripts."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request

from accounts.keys import SCOPES
from api import contract
from api.http import authentication, caching
from api.http.promises import Promise
from api.http.views import Machine, PublicDetail, Shape

YAML = "application/yaml"
LINKS: dict[str, str] = {
    "assemblies": "assemblies/",
    "themes": "themes/",
    "areas": "areas/",
    "organisations": "organisations/",
    "teams": "teams/",
    "recommendations": "recommendations/",
    "commitments": "commitments/",
    "updates": "updates/",
    "challenges": "challenges/",
    "neighbourhoods": "neighbourhoods/",
    "priorities": "priorities/",
    "ratings": "ratings/",
    "set_asides": "set-asides/",
    "holds": "holds/",
    "redactions": "redactions/",
    "events": "events/?after=0",
    "record": "record/checkpoint",
    "exports": "exports/",
    "search": "search/",
    "feed": "events/feed.atom",
    "calendar": "commitments/due-dates.ics",
    "moderation": "moderation/",
    "rating_flags": "rating-flags/",
    "local_codes": "local-codes/",
    "webhooks": "webhooks/",
    "me": "me/",
    "keys": "keys/",
    "schema": "schema/",
    "docs": "docs/",
}


class RootOut(serializers.Serializer[Any]):
    """What there is to read, and where."""

    title = serializers.CharField()
    description = serializers.CharField()
    version = serializers.CharField()
    links = serializers.DictField(child=serializers.URLField())


class Root(PublicDetail):
    """The front door: where everything is."""

    output = RootOut

    def row(self) -> Any:
        """The contract's own words."""
        return {"version": 0, "info": contract.document()["info"]}

    def shape(self, row: Any) -> Shape:
        """With an address for each resource."""
        info = row["info"]
        return {
            "title": info["title"],
            "description": info["description"],
            "version": info["version"],
            "links": {name: f"{self.base}/api/v1/{path}" for name, path in LINKS.items()},
        }


class Schema(PublicDetail):
    """The contract of this API, OpenAPI 3.1, as JSON."""

    promised: ClassVar[Promise] = Promise({"type": "object"}, public=True, versioned=True)

    def row(self) -> Any:
        """The committed openapi.yaml."""
        return {"version": 0}

    def shape(self, row: Any) -> Shape:
        """As it is."""
        return contract.document()

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        return {"GET": cls.promised}


class SchemaFile(Machine):
    """The contract of this API, OpenAPI 3.1, as the file openapi.yaml."""

    form = YAML

    def get(self, request: Request) -> HttpResponseBase:
        """The contract of this API, OpenAPI 3.1, as the file openapi.yaml."""
        self.check_parameters()
        present = caching.edition()
        unmodified = caching.not_modified(request._request, present, "yaml", 0)
        if unmodified is not None:
            return unmodified
        answer = HttpResponse(contract.text(), content_type=YAML)
        return caching.published(request._request, answer, present, "yaml", 0)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        return {"GET": Promise({"type": "object"}, public=True, versioned=True)}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The reference's first page: how the API speaks, and every operation by name."""
    authentication.disregard_session(request)
    context = {"chapters": contract.chapters(), "scopes": SCOPES, "info": contract.document()["info"]}
    return render(request, "reference/index.html", context)


@require_safe
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """One resource: each operation with its parameters, fields and answers."""
    authentication.disregard_session(request)
    operations = contract.chapters().get(name)
    if operations is None:
        raise Http404
    base = f"{request.scheme}://{request.get_host()}"
    shown = [{**one, "curl": one["curl"].replace("{base}", base)} for one in operations]
    context = {"name": name, "operations": shown, "chapters": contract.chapters()}
    return render(request, "reference/chapter.html", context)


class Try(SpectacularSwaggerSplitView):
    """Swagger UI on our own contract, from our own server, for those who want to try a request by hand."""

    url = "/api/v1/schema/"
    template_name = "reference/try.html"
    authentication_classes: list[Any] = []
