"""Names of bodies and teams up to 300 characters: some offices carry several duties in one title."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="organisation", name="name", field=models.CharField(max_length=300)),
        migrations.AlterField(model_name="team", name="name", field=models.CharField(max_length=300)),
    ]
