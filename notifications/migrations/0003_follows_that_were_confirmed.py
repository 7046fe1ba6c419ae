from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_webhooks")]

    operations = [
        migrations.AddField(
            model_name="follow",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
