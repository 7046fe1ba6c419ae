"""A toy resource on a real model, to try the grammar of HTTP with: bodies that can be listed, read and changed."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import serializers

from accounts.models import Organisation, OrganisationKind
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PrivateDetail, PrivateList, PublicDetail, PublicList, Shape, found
from api.http.writing import Deletes, Done, Patches, Posts, Puts
from record import clock, values
from record.guarded import opened
from record.keyset import By
from record.refusals import Forbidden, Invalid, NotNow

KINDS = OrganisationKind.values


class NameTaken(NotNow):
    code = "name_taken"
    title = "The name is taken"
    sentence = "Another body has that name; choose another."


class BodyOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    position = serializers.IntegerField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


class SecretOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    token = serializers.CharField(allow_null=True)


class LinkIn(inputs.StrictSerializer):
    title = inputs.Line()
    url = inputs.WebAddress()


class BodyIn(inputs.StrictSerializer):
    slug = inputs.Slug()
    name = inputs.Line()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    links = LinkIn(many=True, required=False)
    about = inputs.Prose(required=False)
    open = inputs.StrictBoolean(required=False)
    size = inputs.StrictInteger(required=False, min_value=0)
    position = serializers.IntegerField(read_only=True)


class NameIn(inputs.StrictSerializer):
    name = inputs.Line()


class BodyFilters(filters.StrictFilterSet):
    slug = filters.Slugs(label="Only these.")
    kind = filters.Choices(choices=KINDS)
    area = filters.AreaCodes("area_code")
    theme = filters.Several(one=values.Pattern("none|[a-z-]+", "A slug, or none"), method="by_theme")
    known = filters.TrueFalse("updated_at", lookup_expr="isnull", exclude=True)
    since = filters.Day("published_at", lookup_expr="date__gte")
    updated_since = filters.UpdatedSince()
    after = filters.Whole("position", lookup_expr="gt")
    commitment = filters.References(method="by_theme")
    id = filters.Identifier(method="by_theme")
    q = filters.Text("name", lookup_expr="icontains")

    def by_theme(self, rows: QuerySet[Organisation], name: str, value: Any) -> QuerySet[Organisation]:
        assert self.today == clock.today()
        return rows.none()


def shape(row: Organisation, base: str) -> Shape:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "position": row.position,
        "updated_at": row.updated_at,
        "url": f"{base}/api/v1/bodies/{row.slug}/",
    }


class Bodies(Posts, PublicList):
    """Bodies, newest first."""

    output, filterset = BodyOut, BodyFilters
    ordering = by("-position", tie="slug", position=By("position", nullable=True), slug="slug", name="name",
                  updated=By("updated_at", nullable=True))  # fmt: skip
    scope = "accounts:write"
    post_input, post_output = BodyIn, BodyOut

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Organisation.objects.annotate(rank=F("version"))
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Make a body.

        It may be refused.
        """
        refuse(data["name"])
        with opened():
            row = Organisation.objects.create(
                slug=data["slug"], name=data["name"], kind=data["kind"], version=1
            )
        return Done(shape(row, self.base), row=row)


def refuse(name: str) -> None:
    """Refuse or break, as the name says."""
    if name == "taken":
        raise NameTaken(field="name")
    if name == "invalid":
        raise Invalid("Say another.", field="links.0.title")
    if name == "forbidden":
        raise Forbidden("Only the convenor may.")
    if name == "breaks":
        raise RuntimeError("a fault of our own")


class Body(Patches, Puts, Deletes, PublicDetail):
    """One body."""

    output = patch_output = put_output = BodyOut
    scope = "accounts:write"
    patch_input = put_input = NameIn
    put_if_match = ""

    def row(self) -> Organisation:
        row: Organisation = found(Organisation.objects.all(), slug=self.kwargs["slug"])
        return row

    def shape(self, row: Organisation) -> Shape:
        return shape(row, self.base)

    def target(self) -> Organisation:
        rows = Organisation.objects.select_for_update(of=("self",))
        row: Organisation = found(rows, slug=self.kwargs["slug"])
        return row

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Rename it."""
        row = self.row()
        with opened():
            row.name, row.version = data["name"], row.version + 1
            row.save()
        return Done(shape(row, self.base), row=row)

    on_put = on_patch

    def on_delete(self) -> None:
        """Take it away."""
        with opened():
            self.row().delete()


class Closing(Posts, Machine):
    """Close a body; the version may be named."""

    scope = "accounts:write"
    post_output, post_status, post_if_match = SecretOut, 200, "optional"
    secrets = ("token",)

    def target(self) -> Organisation:
        row: Organisation = found(Organisation.objects.all(), slug=self.kwargs["slug"])
        return row

    def on_post(self, data: dict[str, Any]) -> Done:
        """Close it, and get a token that is shown once."""
        row = self.target()
        return Done({"slug": row.slug, "token": "once"}, row=row)


class Silence(Posts, Machine):
    """A verb with nothing to say."""

    scope = "accounts:write"

    def on_post(self, data: dict[str, Any]) -> Done:
        """Do nothing."""
        return Done()


class Own(PrivateList):
    """Bodies, but only for those who signed in."""

    output = BodyOut
    ordering = by("slug", tie="slug", slug="slug")
    read_scope = "account:read"

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Organisation.objects.values("slug", "name", "kind", "position", "updated_at")
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        return [{**row, "url": f"{self.base}/api/v1/bodies/{row['slug']}/"} for row in rows]


class Mine(PrivateDetail):
    """One body, for those who signed in."""

    output = BodyOut
    read_scope = "account:read"
    extra_parameters = frozenset({"at"})
    extra_schemas = {"at": {"schema": {"type": "string", "format": "date"}, "description": "A day."}}

    def row(self) -> Any:
        return found(Organisation.objects.values(), slug="a")

    def shape(self, row: Any) -> Shape:
        return shape(Organisation(**row), self.base)


def page(request: HttpRequest) -> HttpResponse:
    """A plain view that breaks."""
    raise RuntimeError("a fault of our own")


urlpatterns = [
    path("api/v1/bodies/", Bodies.as_view()),
    path("api/v1/bodies.csv", Bodies.as_view(form="text/csv", http_method_names=["get", "head"])),
    path("api/v1/bodies/<slug:slug>/", Body.as_view()),
    path("api/v1/bodies/<slug:slug>/close/", Closing.as_view()),
    path("api/v1/silence/", Silence.as_view()),
    path("api/v1/own/", Own.as_view()),
    path("api/v1/mine/", Mine.as_view()),
    path("api/v1/broken/", page),
    path("page/broken/", page),
]
