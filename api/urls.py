"""All routes of the API on one screen; every list can also be had as `.csv`."""

from typing import Any

from django.urls import URLPattern, URLResolver, path

from api.http.negotiation import CSV
from api.http.views import PublicList
from api.recommendations import Asking, OneRecommendation, Recommendations
from api.responses import OneResponse, Responses

Routes = list[URLPattern | URLResolver]


def listed(address: str, view: type[PublicList]) -> Routes:
    """The two addresses of a public list: the usual one, and the one that gives CSV whatever the Accept header."""
    as_csv: Any = view.as_view(form=CSV, http_method_names=["get", "head", "options"])
    return [path(f"{address}/", view.as_view()), path(f"{address}.csv", as_csv)]


assemblies: Routes = []
recommendations: Routes = [
    *listed("recommendations", Recommendations),
    path("recommendations/<slug:reference>/", OneRecommendation.as_view()),
    path("recommendations/<slug:reference>/asked/", Asking.as_view()),
    *listed("recommendations/<slug:reference>/responses", Responses),
    path("recommendations/<slug:reference>/responses/<uuid:id>/", OneResponse.as_view()),
]
commitments: Routes = []
updates: Routes = []
challenges: Routes = []
bodies: Routes = []
record: Routes = []
people: Routes = []
reference: Routes = []

urlpatterns: Routes = [
    *assemblies,
    *recommendations,
    *commitments,
    *updates,
    *challenges,
    *bodies,
    *record,
    *people,
    *reference,
]
