"""Promises that a tracker scored: the score is the source's word about them, never a status, and never our figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.foreign.shaping import Bodies, Item, commitment, note, owners, record, several, source, unescaped

TRACKER = "https://github.com/BuildCanada/OutcomeTrackerAPI"

OWN_FIELDS = {
    "promise_id",
    "text",
    "concise_title",
    "reporting_lead_title",
    "all_other_ministers_involved",
    "source_url",
    "date_issued",
}
"""What becomes a field of the commitment, its owners or its sources."""
STATE = ("status", "progress_score", "progress_status")
"""What becomes `reported_state`: the tracker's words about how far it is."""
NOTES = ("progress_summary", "evidence_count", "last_evidence_date", "appears_in", "notes_and_differences")
"""What becomes a note: said by the source, shown as such."""
LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(("canonical_commitment_text", "commitment_id", "id"), "the same again"),
    **dict.fromkeys(
        (
            "what_it_means_for_canadians",
            "background_and_context",
            "intended_impact_and_objectives",
            "description",
            "commitment_history_rationale",
            "extracted_keywords_concepts",
            "implied_action_type",
            "bc_promise_rank",
            "bc_promise_rank_rationale",
            "bc_promise_direction",
            "bc_priority_score",
            "relevant_departments",
            "responsible_department_lead",
            "action_type_confidence",
        ),
        "written by a language model about the promise: filler, no fact",
    ),
    **dict.fromkeys(
        (
            "action_type_classified_at",
            "bc_ranked_at",
            "deleted_at",
            "deleted_by_admin",
            "evidence_cleanup_timestamp",
            "evidence_item_ids",
            "explanation_enriched_at",
            "explanation_enrichment_model",
            "explanation_enrichment_status",
            "history_generated_at",
            "ingested_at",
            "keywords_context_used",
            "keywords_extracted_at",
            "last_comprehensive_cleanup",
            "last_enrichment_at",
            "last_progress_update_at",
            "last_scored_at",
            "last_updated_admin",
            "last_updated_at",
            "linked_evidence",
            "linked_evidence_ids",
            "linking_preprocessing_done_at",
            "migration_status_added_at",
            "migration_version",
            "parliament_45_links_removed",
            "progress_scoring_model",
            "rationale_format_fixed_at",
            "scoring_method",
        ),
        "how the tracker's own machinery ran",
    ),
    **dict.fromkeys(
        (
            "action_type_rationale",
            "category",
            "key_points",
            "policy_areas",
            "source_document_url",
            "target_groups",
        ),
        "empty in every row",
    ),
    **dict.fromkeys(
        (
            "candidate_or_government",
            "party",
            "party_code",
            "parliament_session_id",
            "region_code",
            "source_type",
        ),
        "said once, of the whole collection",
    ),
}
"""What is not carried over, each with its reason."""


def record_of(rows: Sequence[Mapping[str, Any]]) -> Item:
    """The whole collection as one assembly's commitments, in its order."""
    bodies = Bodies()
    return record(
        {
            "slug": "scored-2025",
            "prefix": "SC25",
            "title": "Scored promises of 2025",
            "sources": [source(TRACKER, "secondary_ai")],
        },
        bodies=bodies,
        commitments=[_commitment(row, bodies) for row in rows],
    )


def reported(row: Mapping[str, Any]) -> str:
    """The tracker's words about how far it is, by the tracker's names."""
    return "; ".join(f"{name} {row[name]}" for name in STATE if row.get(name) is not None)


def _commitment(row: Mapping[str, Any], bodies: Bodies) -> Item:
    said = commitment(
        row["promise_id"],
        unescaped(row["text"]),
        [
            source(row["source_url"], "primary", row["date_issued"]),
            source(TRACKER, "secondary_ai", said=f"promise_id {row['promise_id']}"),
        ],
        owners=owners(
            bodies,
            unescaped(row["reporting_lead_title"]),
            several(unescaped(row["all_other_ministers_involved"])),
        ),
        reported_state=reported(row),
        notes=[_note(name, row[name]) for name in NOTES if row.get(name) not in (None, "")],
    )
    return {**said, "title": row["concise_title"], "body": unescaped(row["text"])}


def _note(about: str, value: Any) -> Item:
    if isinstance(value, str):
        return note(about, unescaped(value))
    return note(about, f"{about} {value}", value if isinstance(value, int) else None)
