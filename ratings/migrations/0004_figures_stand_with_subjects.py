"""Figures that were published before stand with their commitments and themes from now on, as new ones do."""

from typing import Any

from django.db import migrations

NUMBERS = ("mean", "low", "high")


def show(apps: Any, schema_editor: Any) -> None:
    """Of each subject the newest quarter that has a figure; the next cut puts them in order."""
    figures = apps.get_model("ratings", "Figure").objects.filter(by="all", latest=True, n__isnull=False)
    for figure in figures.select_related("period").order_by("period__name"):
        kind, _, name = figure.subject.partition(":")
        rows = apps.get_model("commitments", kind).objects
        if kind == "theme":
            assembly, _, slug = name.partition("/")
            rows = rows.filter(assembly__slug=assembly, slug=slug)
        else:
            rows = rows.filter(reference=name)
        tenths = {f"residents_{name}": int(getattr(figure, name) * 10) for name in NUMBERS}
        rows.update(
            residents_period=figure.period.name,
            residents_n=figure.n,
            residents_order=int(figure.mean * 1000),
            **tenths,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0014_residents_figures"),
        ("ratings", "0003_sealed_ballots_and_unlinked_codes"),
    ]

    operations = [migrations.RunPython(show, migrations.RunPython.noop)]
