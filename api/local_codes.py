"""Codes that make residents local: batches that a convenor issues and withdraws, and redeeming one."""

from dataclasses import astuple
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from accounts import roles
from api.http import idempotency, inputs
from api.http.paging import by
from api.http.throttling import Tries
from api.http.views import PrivateDetail, PrivateList, Shape, found
from api.http.writing import Deletes, Done, Posts
from api.named import named
from commitments import permissions
from commitments.models import Assembly
from ratings import actions
from ratings.choices import Stratum
from ratings.limits import LOCAL_CODES
from ratings.models import CodeBatch

LONGEST_CODE = 40
GUESSES = Tries(*astuple(LOCAL_CODES))


class CodeBatchOut(serializers.Serializer[Any]):
    """A batch of codes that you issued as convenor; the codes themselves were shown once."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    assembly = serializers.CharField()
    stratum = serializers.ChoiceField(
        [Stratum.LOCAL, Stratum.MEMBER], help_text="What a code makes of its redeemer."
    )
    number = serializers.IntegerField()
    redeemed = serializers.IntegerField(
        allow_null=True,
        help_text="Of larger batches, in steps of ten and counted once a week: whoever watched it move would learn who "
        "redeemed one. Null of batches under fifty, and until it is counted.",
    )
    counted_on = serializers.DateField(allow_null=True)
    issued_at = serializers.DateTimeField()
    withdrawn_on = serializers.DateField(allow_null=True)


class NewCodeBatchOut(CodeBatchOut):
    """A fresh batch with its codes, which are shown this once."""

    codes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Print them now; null in a repeated answer."
    )


class CodeBatchIn(inputs.StrictSerializer):
    """How many codes, and for whom."""

    assembly = inputs.Slug()
    number = inputs.StrictInteger(min_value=1, max_value=actions.MOST_CODES)
    stratum = serializers.ChoiceField([Stratum.LOCAL, Stratum.MEMBER], required=False)


class RedeemedOut(serializers.Serializer[Any]):
    """As whom you rate from your next rating on; ratings cast before stay as they are until you change them."""

    assembly = serializers.CharField()
    stratum = serializers.ChoiceField([Stratum.LOCAL, Stratum.MEMBER])
    counted_before = serializers.BooleanField(
        help_text="You redeemed a code of this assembly before: this one was not looked at, nor used."
    )


class CodeIn(inputs.StrictSerializer):
    """A code as it is printed; spaces, dashes and small letters do not matter."""

    assembly = inputs.Slug()
    code = inputs.Line(max_length=LONGEST_CODE)


def shape(row: CodeBatch, base: str) -> Shape:
    """The JSON of a batch."""
    return {
        "id": row.pk,
        "url": f"{base}/api/v1/local-codes/{row.pk}/",
        "assembly": row.assembly.slug,
        "stratum": row.stratum,
        "number": row.number,
        "redeemed": row.redeemed,
        "counted_on": row.counted_on,
        "issued_at": row.issued_at,
        "withdrawn_on": row.withdrawn_on,
    }


def _of(person: Any) -> QuerySet[Any]:
    """The batches of assemblies that the person convenes, and in which they are independent."""
    convened = roles.convened(person)
    independent = [
        slug for slug in convened if permissions.is_allowed(permissions.check_convenor, person, slug)
    ]
    rows: QuerySet[Any] = CodeBatch.objects.filter(assembly__slug__in=independent).select_related("assembly")
    return rows


class LocalCodes(Posts, PrivateList):
    """The batches of codes of the assemblies that you convene, newest first."""

    output = CodeBatchOut
    ordering = by("-issued_at", tie="id", issued_at="issued_at")
    read_scope = scope = "codes:write"
    post_input, post_output = CodeBatchIn, NewCodeBatchOut
    secrets = ("codes",)

    def rows(self) -> QuerySet[Any]:
        """Those of the person who asks."""
        return _of(self.by)

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Issue a batch of codes to print and hand out. They are shown this once, and kept as keyed hashes alone."""
        assembly = named(Assembly.objects.all(), "slug", data.pop("assembly"), "assembly")
        batch, codes = actions.issue_codes(assembly, by=self.by, **data)
        return Done({**shape(batch, self.base), "codes": codes})


class OneBatch(Deletes, PrivateDetail):
    """A batch of codes of an assembly that you convene."""

    output = CodeBatchOut
    read_scope = scope = "codes:write"
    delete_if_match = ""

    def row(self) -> Any:
        """Among those of the person who asks."""
        return found(_of(self.by), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shape(row, self.base)

    def on_delete(self) -> None:
        """Withdraw a lost batch: its codes stop working; whoever redeemed one keeps what it gave them."""
        actions.withdraw_codes(self.row(), by=self.by)


class Redemption(Posts):
    """Redeeming a code."""

    reads_publicly = False
    scope = "ratings:write"
    post_input, post_output, post_status = CodeIn, RedeemedOut, 200

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it. A repetition gives the same answer by itself, so none is kept: it would tell who sent which code."""
        idempotency.key_in(request._request)
        return self.write(self.post_input, self.on_post, if_match="")

    def on_post(self, data: dict[str, Any]) -> Done:
        """Rate as a local resident, or as a member of the assembly, from now on. A used code looks like a wrong one."""
        GUESSES.check(self.request._request, self.by)
        assembly = named(Assembly.objects.all(), "slug", data["assembly"], "assembly")
        stratum, before = actions.redeem(assembly, by=self.by, code=data["code"])
        GUESSES.succeeded(self.request._request)
        return Done({"assembly": assembly.slug, "stratum": stratum, "counted_before": before})
