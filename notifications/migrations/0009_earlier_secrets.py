"""More than one earlier secret of a webhook may still sign."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_who_let_go"),
    ]

    operations = [
        migrations.AlterField(
            model_name="endpoint",
            name="previous_secret",
            field=models.CharField(blank=True, max_length=1000),
        ),
    ]
