"""Areas, assemblies and themes: entered and corrected by convenors, with both wordings in the record."""

from typing import Any

import pytest

from accounts.actions import grant_role
from accounts.models import Role
from commitments import actions, errors
from commitments.models import Assembly
from record.entries import body_of
from record.refusals import Invalid
from tests import make
from tests.make import SLUG, SOURCE, TODAY
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db

CLOCKS = {
    "response_days": 56,
    "rhythm_days": 90,
    "verification_days": 28,
    "reply_days": 28,
    "reply_days_are": "calendar",
    "support_needed": 5,
}


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly()


def test_an_area_is_published_within_its_parent_and_told() -> None:
    borough, convenor = make.area("E09000031"), make.convenor()
    with telling() as entries:
        ward = actions.publish_area(
            "E05013882",
            by=convenor,
            today=TODAY,
            name="Chapel End",
            kind="ward",
            vintage="2022",
            parent=borough,
            latitude=51.6,
            longitude=-0.01,
            source=SOURCE,
        )
    assert ward.path == "E09000031/E05013882/"
    told(
        one(entries),
        "area.published",
        actor=f"convenor:{SLUG}",
        subject="area:E05013882",
        assembly="",
        facts={
            "name": "Chapel End",
            "kind": "ward",
            "vintage": "2022",
            "parent": "E09000031",
            "latitude": 51.6,
            "longitude": -0.01,
            "entered_from": SOURCE,
        },
    )


def test_an_area_is_corrected_and_both_names_are_told() -> None:
    area, convenor = make.area("E09000031"), make.convenor()
    with telling() as entries:
        actions.correct_area(area, by=convenor, today=TODAY, reason="A slip", name="Waltham Forest")
    told(
        one(entries),
        "area.corrected",
        actor=f"convenor:{SLUG}",
        subject="area:E09000031",
        assembly="",
        facts={"old": {"name": "Place E09000031"}, "new": {"name": "Waltham Forest"}},
        words={"reason": "A slip"},
    )


def test_areas_are_kept_by_convenors_each_code_once_and_a_correction_changes_something() -> None:
    area, convenor, person = make.area("E09000031"), make.convenor(), make.person()
    with refused(errors.NotAnyConvenor):
        actions.publish_area("E05000001", by=person, today=TODAY, name="Here", kind="ward")
    with refused(errors.NotAnyConvenor):
        actions.correct_area(area, by=person, today=TODAY, reason="Mine", name="Here")
    with refused(errors.AlreadyPublished, "code"):
        actions.publish_area("E09000031", by=convenor, today=TODAY, name="Again", kind="borough")
    with refused(errors.NothingChanged):
        actions.correct_area(area, by=convenor, today=TODAY, reason="None", name=area.name)
    with refused(errors.UnknownField, "code"):
        actions.correct_area(area, by=convenor, today=TODAY, reason="No", code="E09000032")


def test_an_assembly_is_published_with_facts_that_sources_report_differently_and_told() -> None:
    area, convenor = make.area("E09000031"), make.convenor()
    reported = [
        {"name": "residents", "value": "48", "sources": SOURCE},
        {"name": "residents", "value": "50", "sources": SOURCE},
    ]
    with telling() as entries:
        assembly = actions.publish_assembly(
            SLUG,
            by=convenor,
            today=TODAY,
            prefix="AT25",
            title="Anytown",
            question="What should change?",
            area=area,
            held="In spring",
            held_from="2025-03",
            held_to="2025-05",
            facts=reported,
            source=SOURCE,
            clocks={"reply_days": 20, "reply_days_are": "working"},
        )
    assert assembly.facts == reported
    told(
        one(entries),
        "assembly.published",
        actor=f"convenor:{SLUG}",
        subject=f"assembly:{SLUG}",
        facts={
            "prefix": "AT25",
            "area": "E09000031",
            "held": "In spring",
            "held_from": "2025-03",
            "held_to": "2025-05",
            "facts": [{"name": "residents", "sources": SOURCE}] * 2,
            "clocks": {**CLOCKS, "reply_days": 20, "reply_days_are": "working"},
            "entered_from": SOURCE,
        },
        words={
            "title": "Anytown",
            "question": "What should change?",
            "reported": "residents: 48\nresidents: 50",
        },
    )


def test_the_clocks_of_an_assembly_are_the_usual_ones_unless_it_sets_others(assembly: Assembly) -> None:
    assert {name: getattr(assembly, name) for name in CLOCKS} == CLOCKS


def test_a_slug_and_a_prefix_are_given_once_and_by_the_convenor_of_that_name(assembly: Assembly) -> None:
    convenor, other = make.convenor(), make.convenor("other-2025")
    with refused(errors.AlreadyPublished, "slug"):
        actions.publish_assembly(SLUG, by=convenor, today=TODAY, prefix="NEW", title="Again")
    with refused(errors.AlreadyPublished, "prefix"):
        actions.publish_assembly("other-2025", by=other, today=TODAY, prefix=assembly.prefix, title="Other")
    with refused(errors.NotTheConvenor):
        actions.publish_assembly("other-2025", by=convenor, today=TODAY, prefix="NEW", title="Other")


def test_the_clocks_of_an_assembly_are_corrected_and_told(assembly: Assembly) -> None:
    with telling() as entries:
        actions.correct_assembly(
            assembly, by=make.convenor(), today=TODAY, reason="Agreed in May", support_needed=8
        )
    told(
        one(entries),
        "assembly.corrected",
        actor=f"convenor:{SLUG}",
        subject=f"assembly:{SLUG}",
        facts={"old": {"support_needed": 5}, "new": {"support_needed": 8}},
        words={"reason": "Agreed in May"},
    )


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        ({"reply_days_are": "lunar"}, errors.UnknownField),
        ({"title": "Another"}, errors.UnknownField),
        ({"support_needed": 5}, errors.NothingChanged),
    ],
)
def test_a_correction_of_an_assembly_that_is_none_is_refused(
    assembly: Assembly, new: dict[str, Any], refusal: type[Invalid]
) -> None:
    convenor = make.convenor()
    with refused(refusal):
        actions.correct_assembly(assembly, by=convenor, today=TODAY, reason="Why not", **new)


def test_only_its_convenor_corrects_an_assembly_or_its_themes(assembly: Assembly) -> None:
    theme = make.theme(assembly)
    for person in (make.convenor("other-2025"), make.panel(), make.person()):
        with refused(errors.NotTheConvenor):
            actions.correct_assembly(assembly, by=person, today=TODAY, reason="Mine", reply_days=1)
        with refused(errors.NotTheConvenor):
            actions.publish_theme(assembly, by=person, today=TODAY, slug="mine", title="Mine")
        with refused(errors.NotTheConvenor):
            actions.correct_theme(theme, by=person, today=TODAY, field="title", text="Mine", reason="Mine")


def test_a_theme_is_published_with_what_residents_said_and_told(assembly: Assembly) -> None:
    findings: list[dict[str, Any]] = [
        {"text": "Fear of knives", "sources": SOURCE},
        {"text": "A wish for presence", "sources": []},
    ]
    with telling() as entries:
        theme = actions.publish_theme(
            assembly,
            by=make.convenor(),
            today=TODAY,
            slug="presence",
            title="Be in the community",
            summary="Presence",
            order=1,
            findings=findings,
            origin={"by": "the report"},
        )
    assert theme.findings == findings
    told(
        one(entries),
        "theme.published",
        actor=f"convenor:{SLUG}",
        subject=f"theme:{SLUG}/presence",
        root=f"assembly:{SLUG}",
        facts={"order": 1, "origin": {"by": "the report"}, "sources": [SOURCE, []]},
        words={
            "title": "Be in the community",
            "summary": "Presence",
            "findings": "Fear of knives\nA wish for presence",
        },
    )


def test_a_theme_is_named_once_in_its_assembly_and_again_in_another(assembly: Assembly) -> None:
    make.theme(assembly, "presence")
    convenor = make.convenor()
    with refused(errors.AlreadyPublished, "slug"):
        actions.publish_theme(assembly, by=convenor, today=TODAY, slug="presence", title="Again")
    assert make.theme(make.assembly("other-2025"), "presence").record_key == "other-2025/presence"


def test_a_theme_is_corrected_with_both_wordings(assembly: Assembly) -> None:
    theme, convenor = make.theme(assembly, "presence", title="Be in"), make.convenor()
    with telling() as entries:
        actions.correct_theme(
            theme, by=convenor, today=TODAY, field="title", text="Be in the community", reason="Cut off"
        )
    told(
        one(entries),
        "theme.corrected",
        actor=f"convenor:{SLUG}",
        subject=f"theme:{SLUG}/presence",
        root=f"assembly:{SLUG}",
        facts={"field": "title"},
        words={"old": "Be in", "new": "Be in the community", "reason": "Cut off"},
    )
    assert "Be in" not in str(body_of(one(entries)))
    with refused(errors.UnknownField, "slug"):
        actions.correct_theme(theme, by=convenor, today=TODAY, field="slug", text="other", reason="No")
    with refused(errors.NothingChanged):
        actions.correct_theme(
            theme, by=convenor, today=TODAY, field="title", text="Be in the community", reason="No"
        )


def test_a_convenor_who_belongs_to_an_owner_keeps_no_areas() -> None:
    commitment = make.commitment()
    torn = make.convenor()
    grant_role(torn, Role.RESPONDER, organisation=make.lead_team(commitment).organisation)
    with refused(errors.NotIndependent):
        actions.publish_area("E05000001", by=torn, today=TODAY, name="A ward", kind="ward")
    grant_role(torn, Role.CONVENOR, assembly="another-2026")
    area = actions.publish_area("E05000001", by=torn, today=TODAY, name="A ward", kind="ward")
    with refused(errors.NotIndependent):
        actions.correct_assembly(commitment.assembly, by=torn, today=TODAY, reason="Why not?", reply_days=3)
    assert area.position
