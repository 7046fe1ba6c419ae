"""What waits for nobody in an office, and why: what stands neither here nor in the queue fails a test."""

CLASSES = {
    "User": "an account", "Organisation": "a register", "Team": "a register", "Succession": "a fact",
    "Key": "lives and ends by itself", "SignInCode": "waits for who asked", "Session": "ends by itself",
    "Area": "a register", "Assembly": "a register", "Theme": "a register", "ImportedItem": "a mark",
    "Answering": "a link", "CommitmentArea": "a link", "Lineage": "a fact", "ProgressUpdate": "a fact",
    "Evidence": "a part of an update", "EvidenceFile": "an upload that nobody posts is gone by itself",
    "Verification": "a fact", "Support": "a fact", "Missed": "a mark of the clock",
    "OfferedOwner": "a part of an offer", "Neighbourhood": "unknown places are shown as unknown",
    "Priority": "is seen, and tied by who wishes", "PriorityWording": "a fact", "Tie": "a fact",
    "Recommendation": "its computed state waits",
    "SearchDocument": "an index", "Vaulted": "goes back with its hold", "RatingPeriod": "the clock's",
    "FreshBallot": "the clock's", "Ballot": "nobody's to look at", "CodeBatch": "residents redeem it",
    "LocalCode": "residents redeem it", "SpentCode": "a mark", "Belonging": "a fact", "Counted": "a mark",
    "Figure": "a fact", "Margin": "a fact", "Watch": "a mark", "HourlyCount": "a count", "DayCount": "a count",
    "Suppression": "the machine's", "BounceReport": "the machine's", "Brake": "the operator's",
    "Follower": "a reader's own", "SavedSearch": "a reader's own", "Follow": "a reader's own",
    "Message": "the machine's", "Delivery": "the machine's", "Endpoint": "its owner's own",
    "EndpointTopic": "its owner's own", "Call": "the machine's", "Attempt": "the machine's",
    "Reader": "how somebody takes their post", "Reminder": "post about what waits",
    "Reminded": "post about what waits", "Cursor": "the machine's", "Beat": "the machine's",
    "Turn": "the machine's", "SentForm": "a mark",
}  # fmt: skip
"""Models in which nothing waits for an office."""

WHOLE = {
    "published_at": "when it was written", "updated_at": "when it was written",
    "held_on": "shown by its hold", "held_ground": "shown by its hold",
    "due_precision": "what sort of date", "old_precision": "what sort of date", "precision": "what sort of date",
    "on": "a date that is asked for", "old_on": "a date that was", "ground": "why", "category": "what sort",
    "voice": "whose", "outcome": "how it ended", "refused_ground": "why", "change": "what is asked for",
    "role": "which role", "team_status": "a word; the update is what waits",
}  # fmt: skip
"""Fields that are no states, in whichever model they stand."""

SETTLED = {
    "RoleRequest.state=taken_up": "done", "RoleRequest.state=refused": "over",
    "RoleRequest.state=withdrawn": "over", "Response.stance=rejected": "an answer",
    "Commitment.stage=published": "runs; its clocks wait", "Commitment.stage=accepted": "runs; its clocks wait",
    "Commitment.stage=superseded": "over", "Commitment.stage=split": "over", "Commitment.stage=merged": "over",
    "Commitment.status=abandoned": "over", "Commitment.status=superseded": "over",
    "Commitment.finding=verified": "done", "Commitment.update_due_on": "null where no clock runs",
    "Commitment.clock_moved_on": "the clock's", "Correction.state=approved": "over",
    "Correction.state=refused": "over", "Correction.state=closed": "over",
    "Challenge.state=gathering": "waits for residents", "Challenge.state=resolved": "over",
    "Challenge.state=withdrawn": "over", "Challenge.state=refused": "over",
    "Challenge.reply_due_on": "null until it opens", "DueDateChange.state=approved": "over",
    "DueDateChange.state=refused": "over", "DueDateChange.state=closed": "over",
    "HandOver.state=accepted": "over", "HandOver.state=refused": "over", "HandOver.state=withdrawn": "over",
    "Withholding.kind=hidden": "was judged", "Redaction.state=approved": "over",
    "Redaction.state=refused": "over", "Redaction.state=withdrawn": "over", "Flag.hour": "what it is about",
    "SettingAside.state=approved": "over", "SettingAside.state=refused": "over",
    "SettingAside.state=closed": "over", "RatingWords.stage=sealed": "waits for a figure, not for a person",
    "RatingWords.stage=refused": "over", "RatingWords.stage=published": "done",
    "RatingWords.stage=leaving": "the clock's", "RatingWords.stage=withdrawn": "over",
    "RatingWords.stage=dropped": "over", "Standing=abandoned": "over", "Standing=superseded": "over",
    "Standing=verified": "done", "Standing=on_track": "runs; its clocks wait",
    "Standing=not_started": "runs; its clocks wait", "RecommendationState=responded": "done",
    "ReminderKind=week": "the list itself", "ReminderKind=entry": "news, not a thing to do",
    "ReminderKind=roles": "news of roles; what waits of them is RoleRequest",
}  # fmt: skip
"""Single values and dates of models in which other things wait."""
