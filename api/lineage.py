"""How commitments pass on: handed over, superseded, split, merged."""

from typing import Any

from rest_framework import serializers

from api.commitment_details import CommitmentDetailOut
from api.commitments import answered
from api.due_dates import ApprovalIn, RefusalIn
from api.http import inputs
from api.http.writing import Done, Posts
from api.named import all_named, named
from api.of_commitments import OfCommitment
from api.promise_inputs import MOST_NAMED, SOME_OWNERS, PromiseIn, TeamOwnerIn, owners_of, promise_of
from commitments import actions
from commitments.models import Commitment

SOME_PARTS: dict[str, Any] = {"many": True, "max_length": 20}


class HandOverIn(inputs.StrictSerializer):
    """To which teams, and why."""

    owners = TeamOwnerIn(**SOME_OWNERS)
    reason = inputs.Prose()


class SupersedeIn(inputs.StrictSerializer):
    """Which commitment takes its place, and why."""

    successor = inputs.Line(max_length=24)
    reason = inputs.Prose()


class SplitIn(inputs.StrictSerializer):
    """The new commitments that take its place, and why."""

    parts = PromiseIn(**SOME_PARTS)
    reason = inputs.Prose()


class MergeIn(PromiseIn):
    """The others that it merges with, the new commitment that takes their place, and why."""

    others = serializers.ListField(
        child=inputs.Line(max_length=24), max_length=MOST_NAMED, help_text="References."
    )
    reason = inputs.Prose()


class _PassingOn(OfCommitment, Posts):
    """A step by a responder of the body that leads, or of the one that is asked to."""

    scope = "commitments:write"
    post_output, post_status = CommitmentDetailOut, 200


class HandOver(_PassingOn):
    """Hand a commitment over."""

    post_input = HandOverIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Pass it to other teams of its body at once; to another body, offer it: the owners stay until that accepts."""
        owners = owners_of(data["owners"])
        done = actions.hand_over(
            self.commitment, by=self.by, today=self.today, owners=owners, reason=data["reason"]
        )
        return answered(self, done)


class HandOverRefusal(_PassingOn):
    """Refuse a commitment that another body offers."""

    post_input = RefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say no for the body that is asked, with the reason; it stays with its owners."""
        return answered(self, actions.refuse_hand_over(self.commitment, by=self.by, today=self.today, **data))


class HandOverWithdrawal(_PassingOn):
    """Take an offer back."""

    post_input = ApprovalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Take the offer back for the body that leads, before the other has answered."""
        return answered(
            self, actions.withdraw_hand_over(self.commitment, by=self.by, today=self.today, **data)
        )


class Superseding(_PassingOn):
    """Replace a commitment."""

    post_input = SupersedeIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say which published commitment takes its place."""
        successor = named(_commitments(), "reference", data["successor"], "successor")
        done = actions.supersede(
            self.commitment, by=self.by, today=self.today, successor=successor, reason=data["reason"]
        )
        return answered(self, done)


class Splitting(_PassingOn):
    """Split a commitment."""

    post_input = SplitIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Split it into new ones; the answer's `lineage.became` names them.

        A part that names no recommendation answers what the whole answered.
        """
        pieces = [promise_of(part, f"parts/{place}/") for place, part in enumerate(data["parts"])]
        actions.split(self.commitment, by=self.by, today=self.today, parts=pieces, reason=data["reason"])
        return answered(self, self.commitment)


class Merging(_PassingOn):
    """Merge commitments."""

    post_input, post_status = MergeIn, 201

    def on_post(self, data: dict[str, Any]) -> Done:
        """Merge it with others into a new one, which is the answer.

        Where it names no recommendation it answers all that they answered.
        """
        others = all_named(_commitments(), "reference", data["others"], "others")
        later = actions.merge(
            self.commitment,
            by=self.by,
            today=self.today,
            others=others,
            promise=promise_of(data),
            reason=data["reason"],
        )
        return answered(self, later)


def _commitments() -> Any:
    return Commitment.objects.select_related("assembly")
