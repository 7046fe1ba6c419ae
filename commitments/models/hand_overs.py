"""Offers of commitments to other bodies: theirs once they say yes, and until then the owners' with all duties."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.models import Organisation, Team
from commitments.choices import HandOverState
from commitments.models.commitments import Commitment
from record.guarded import GuardedModel


class HandOver(GuardedModel):
    """That the body which leads a commitment offered it to another; one offer waits at a time.

    `organisation` is the body that is asked, `offered_by` the office that asked. `instead_of` is the team that passes
    on its part because it ends; everybody else's part stays as it is when the answer comes. Nothing in it is about a
    person.
    """

    typed, part_of, words_of = ("reason", "decision_reason"), ("commitment",), ("commitment",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="hand_overs")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offered")
    instead_of = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="left_in_offers")
    offered_by = models.CharField(max_length=120)
    offered_on = models.DateField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=HandOverState.choices, default=HandOverState.OFFERED)
    decided_on = models.DateField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-offered_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(state=HandOverState.OFFERED), name="one_hand_over_waits"
            ),
            models.CheckConstraint(
                condition=Q(state=HandOverState.OFFERED, decided_on=None)
                | ~Q(state=HandOverState.OFFERED) & Q(decided_on__isnull=False),
                name="a_decided_hand_over_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} to {self.organisation_id}: {self.state}"


class OfferedOwner(GuardedModel):
    """A team that will own a commitment when an offer of it is accepted; one leads."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="owners")
    team = models.ForeignKey(Team, models.PROTECT, related_name="offered")
    lead = models.BooleanField(default=False)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-lead", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hand_over"], condition=Q(lead=True), name="one_offered_owner_leads"
            ),
            models.UniqueConstraint(fields=["hand_over", "team"], name="a_team_is_offered_once"),
        ]

    def __str__(self) -> str:
        return str(self.team_id)
