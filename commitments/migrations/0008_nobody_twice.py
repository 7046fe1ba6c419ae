from django.db import migrations, models
from django.db.models import F, Q

UNDECIDED = Q(state__in=["proposed", "gathering", "open", "answered"])


class Migration(migrations.Migration):
    """One running challenge a person and claim; nobody approves an own correction."""

    dependencies = [("commitments", "0007_own_corrections")]
    operations = [
        migrations.AddConstraint(
            "correction",
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")),
                name="nobody_approves_an_own_correction",
            ),
        ),
        migrations.AddConstraint(
            "challenge",
            models.UniqueConstraint(
                fields=["claim", "proposer"], condition=UNDECIDED, name="one_challenge_a_person_and_claim"
            ),
        ),
        migrations.AddConstraint(
            "challenge",
            models.UniqueConstraint(
                fields=["claim"],
                condition=UNDECIDED & Q(voice="panel"),
                name="one_challenge_of_the_panel_a_claim",
            ),
        ),
    ]
