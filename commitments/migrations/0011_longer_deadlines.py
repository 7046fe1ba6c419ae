"""The words of a deadline up to 500 characters: an owner's own words are kept whole, and some are sentences."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0010_priorities")]

    operations = [
        migrations.AlterField(
            model_name="commitment", name="due_text", field=models.CharField(blank=True, max_length=500)
        ),
        migrations.AlterField(
            model_name="duedatechange", name="old_text", field=models.CharField(blank=True, max_length=500)
        ),
        migrations.AlterField(
            model_name="duedatechange", name="text", field=models.CharField(blank=True, max_length=500)
        ),
    ]
