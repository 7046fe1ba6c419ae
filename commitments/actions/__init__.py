"""The verbs of the domain: each locks, asks who and when, does it, and records it. Nothing else writes."""

from commitments.actions.accepting import accept
from commitments.actions.challenges import (
    admit,
    challenge_claim,
    refuse_challenge,
    reply,
    resolve,
    support,
    withdraw,
)
from commitments.actions.clock import tick
from commitments.actions.commitments import enter_commitment, publish_commitment
from commitments.actions.corrections import (
    approve_correction,
    correct_commitment,
    correct_recommendation,
    correct_update,
    refuse_correction,
)
from commitments.actions.dates import approve_due_date, refuse_due_date, request_due_date
from commitments.actions.evidence_files import forget_files, send_evidence
from commitments.actions.handing import hand_over, refuse_hand_over, withdraw_hand_over
from commitments.actions.hiding import hide_words, restore_words
from commitments.actions.holding import lift_hold, place_hold
from commitments.actions.judging import verify
from commitments.actions.lineage import merge, split, supersede
from commitments.actions.priorities import place_neighbourhood, tie, untie
from commitments.actions.recommendations import ask, enter_response, publish_recommendation, respond
from commitments.actions.redacting import (
    approve_redaction,
    ask_redaction,
    refuse_redaction,
    withdraw_redaction,
)
from commitments.actions.registers import (
    correct_area,
    correct_assembly,
    correct_theme,
    publish_area,
    publish_assembly,
    publish_theme,
)
from commitments.actions.snapshots import keep_look, lose_neighbourhood
from commitments.actions.teams import reorganise
from commitments.actions.updates import add_milestone, finish_milestone, post_update, report_nothing

__all__ = [
    "accept",
    "add_milestone",
    "admit",
    "approve_correction",
    "approve_due_date",
    "approve_redaction",
    "ask",
    "ask_redaction",
    "challenge_claim",
    "correct_area",
    "correct_assembly",
    "correct_commitment",
    "correct_recommendation",
    "correct_theme",
    "correct_update",
    "enter_commitment",
    "enter_response",
    "finish_milestone",
    "forget_files",
    "hand_over",
    "hide_words",
    "keep_look",
    "lift_hold",
    "lose_neighbourhood",
    "merge",
    "place_hold",
    "place_neighbourhood",
    "post_update",
    "publish_area",
    "publish_assembly",
    "publish_commitment",
    "publish_recommendation",
    "publish_theme",
    "refuse_challenge",
    "refuse_correction",
    "refuse_due_date",
    "refuse_hand_over",
    "refuse_redaction",
    "reorganise",
    "reply",
    "report_nothing",
    "request_due_date",
    "resolve",
    "respond",
    "restore_words",
    "send_evidence",
    "split",
    "supersede",
    "support",
    "tick",
    "tie",
    "untie",
    "verify",
    "withdraw",
    "withdraw_hand_over",
    "withdraw_redaction",
]
