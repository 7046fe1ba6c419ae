"""Who is not written to any more, the brake, and feeds of one's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_follows_that_were_confirmed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brake",
            fields=[
                ("channel", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("pulled_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("bounced", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "there is no such mailbox or number"),
                            ("soft", "it could not be delivered this time"),
                            ("complaint", "whoever got it says that it was not wanted"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="follower",
            name="feed_key",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="follower",
            name="feed_read_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="follower",
            name="unreachable_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="BounceReport",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "there is no such mailbox or number"),
                            ("soft", "it could not be delivered this time"),
                            ("complaint", "whoever got it says that it was not wanted"),
                        ],
                        max_length=9,
                    ),
                ),
                ("mark", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["channel", "at"], name="bounces_of_a_channel"),
                    models.Index(fields=["mark", "at"], name="bounces_of_a_mark"),
                ],
            },
        ),
    ]
