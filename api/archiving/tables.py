"""What an archive carries of each table, and what not, and why: a test holds both lists complete."""

RECORDED = "position version published_at updated_at updated_position invented"
HOLDABLE = "held_on held_ground"

ARCHIVED: dict[str, str] = {
    "record.Head": "id position revision at",
    "record.LogKey": "id vkey origin since at",
    "record.Checkpoint": "id key size root note at",
    "record.Cosignature": "id checkpoint vkey line at",
    "accounts.Organisation": (f"{RECORDED} id slug name kind area_code"),
    "accounts.Team": (f"{RECORDED} id slug name organisation area_code ended_on"),
    "accounts.Succession": "id earlier later reason on",
    "commitments.Area": (f"{RECORDED} id code vintage name kind parent path latitude longitude entered_from"),
    "commitments.Assembly": (
        f"{RECORDED} "
        "id slug prefix title question held held_from held_to area facts entered_from "
        "response_days rhythm_days verification_days reply_days reply_days_are support_needed "
        "recommendation_count commitment_count"
    ),
    "commitments.Theme": (
        f"{RECORDED} {HOLDABLE} "
        "id residents_period residents_n residents_mean residents_low residents_high "
        "residents_order assembly slug order title summary findings origin"
    ),
    "commitments.Recommendation": (
        f"{RECORDED} {HOLDABLE} id reference assembly number theme theme_assigned_by title body entered_from"
    ),
    "commitments.Asked": (f"{RECORDED} id recommendation organisation asked_on due_on answered_on"),
    "commitments.Response": (
        f"{RECORDED} {HOLDABLE} "
        "id recommendation organisation stance body reason answered_on late_by_days entered_from "
        "author"
    ),
    "commitments.Commitment": (
        f"{RECORDED} {HOLDABLE} "
        "id residents_period residents_n residents_mean residents_low residents_high "
        "residents_order reference assembly number title body measure baseline target proof stage "
        "entered_from reported_state notes due_on due_precision due_text first_due_on due_changes "
        "status status_at claim claimed_on verify_by finding refuted_on disputed open_challenges "
        "accepted_on update_due_on clock_moved_on last_update_at gap"
    ),
    "commitments.Owner": (
        "id commitment organisation team lead accepted_on ended_on passed_to team_status team_status_at"
    ),
    "commitments.Answering": "id commitment recommendation",
    "commitments.CommitmentArea": "id commitment area",
    "commitments.Lineage": (f"{RECORDED} id kind earlier later reason on author"),
    "commitments.ProgressUpdate": (
        f"{RECORDED} {HOLDABLE} "
        "id commitment team author posted_on lead status team_status is_claim nothing_to_report body reason"
    ),
    "commitments.Evidence": "id update title url dated order",
    "commitments.EvidenceFile": "id evidence sha256 media_type size width height pages sent_at erased_on",
    "commitments.Correction": (
        f"{RECORDED} "
        "id commitment recommendation update milestone field old new reason state requested_on "
        "requested_by decided_on decision_reason author decided_by"
    ),
    "commitments.Verification": (
        f"{RECORDED} {HOLDABLE} id commitment claim finding reason found_on verified_by claimed_by"
    ),
    "commitments.Challenge": (
        f"{RECORDED} {HOLDABLE} "
        "id commitment claim voice proposer reason reason_shown state support_count "
        "support_needed proposed_on opened_on reply_due_on reply replied_by answered_on "
        "late_by_days outcome outcome_reason resolved_on refused_ground refused_on"
    ),
    "commitments.Milestone": (f"{RECORDED} {HOLDABLE} id commitment title due_on first_due_on done_on"),
    "commitments.DueDateChange": (
        f"{RECORDED} "
        "id commitment team old_on old_precision old_text on precision text reason state "
        "requested_on decided_on decided_by_office decision_reason author decided_by"
    ),
    "commitments.Missed": "id type subject deadline",
    "commitments.HandOver": (
        "id commitment organisation instead_of offered_by offered_on reason state decided_on decision_reason"
    ),
    "commitments.OfferedOwner": "id hand_over team lead",
    "commitments.Neighbourhood": (
        f"{RECORDED} "
        "id force code name source population latitude longitude area placed_by first_seen_on "
        "looked_on gone_on"
    ),
    "commitments.Priority": (
        f"{RECORDED} "
        "id neighbourhood issue action issue_date action_date first_seen_on last_seen_on gone_on "
        "edits words"
    ),
    "commitments.PriorityWording": "id priority seen_on position issue action issue_date action_date",
    "commitments.Tie": "id priority commitment tied_on",
    "commitments.Withholding": (
        f"{RECORDED} "
        "id kind assembly subject root entries ground placed_on office placed_by lifted_on "
        "lifted_by"
    ),
    "commitments.Redaction": (
        f"{RECORDED} "
        "id assembly subject root entries erased ground category state asked_on asked_by "
        "decided_on decided_by"
    ),
    "ratings.RatingPeriod": (f"{RECORDED} id assembly name last_slot key_destroyed_on"),
    "ratings.Figure": (
        "id period subject by group slot cut_at latest n dont_know mean low high shares position "
        "set_aside updated_at invented"
    ),
    "ratings.Flag": "id period subject rule day hour about chance found_on invented",
    "ratings.Margin": "id assembly question counts dated source position",
    "ratings.SettingAside": (
        f"{RECORDED} "
        "id period subject change flag reason state requested_by requested_on decided_by_office "
        "decided_on decision_reason author decided_by"
    ),
    "ratings.RatingWords": (f"{RECORDED} id period subject commitment theme stage text ground"),
}
"""By model, the columns that are carried."""

LEFT_OUT: dict[str, dict[str, object]] = {
    "commitments.EvidenceFile": {"sender": None, "expires_at": None},
    "commitments.Withholding": {"note": ""},
    "ratings.RatingPeriod": {"key_check": ""},
    "ratings.RatingWords": {"token": None, "sealed": None, "waits_since": None},
}
"""Columns of these models that are not for all: what stands there instead."""

NOT_ARCHIVED: dict[str, str] = {
    "admin.LogEntry": "who looked at what in the admin windows",
    "auth.Permission": "of the framework; nothing here",
    "auth.Group_permissions": "of the framework; nothing here",
    "auth.Group": "of the framework; nothing here",
    "contenttypes.ContentType": "of the framework; made anew",
    "sessions.Session": "who is signed in",
    "record.Entry": "in the bundles, byte for byte",
    "record.Node": "made anew from the entries, and compared with the signed root",
    "record.Words": "in words.ndjson, and only those that are shown",
    "accounts.User": "people; emptied accounts stand where offices published something",
    "accounts.User_groups": "people",
    "accounts.User_user_permissions": "people",
    "accounts.Membership": "who speaks for whom; roles are given anew",
    "accounts.RoleRequest": "who is to speak for whom; roles are given anew",
    "accounts.Key": "secrets",
    "accounts.Session": "who is signed in",
    "accounts.SignInCode": "secrets",
    "mfa.Authenticator": "secrets",
    "account.EmailAddress": "of the framework; nothing here",
    "account.EmailConfirmation": "of the framework; nothing here",
    "socialaccount.SocialAccount": "people",
    "socialaccount.SocialApp": "of the framework; nothing here",
    "socialaccount.SocialToken": "of the framework; nothing here",
    "commitments.ImportedItem": "how files named things; a file is taken anew",
    "commitments.Support": "who supports a challenge; how many do stands with the challenge",
    "commitments.SearchDocument": "made anew from the words",
    "commitments.Vaulted": "words that are held back or hidden",
    "ratings.FreshBallot": "ballots",
    "ratings.Ballot": "ballots",
    "ratings.CodeBatch": "who was given codes",
    "ratings.LocalCode": "secrets",
    "ratings.SpentCode": "secrets",
    "ratings.Belonging": "who belongs where",
    "ratings.Counted": "how many ballots stand behind a figure",
    "ratings.Watch": "what detectors saw of ballots",
    "ratings.HourlyCount": "counts of ballots",
    "ratings.DayCount": "counts of ballots",
    "ratings.Report": "who reported words",
    "notifications.Follower": "people and their addresses",
    "notifications.SavedSearch": "what people look for",
    "notifications.Follow": "what people follow",
    "notifications.Message": "mail to people",
    "notifications.Reader": "how people want their post",
    "notifications.Reminder": "mail to offices",
    "notifications.Reminded": "mail to people",
    "notifications.Delivery": "mail to people",
    "notifications.Endpoint": "secrets, and where others are called",
    "notifications.EndpointTopic": "where others are called",
    "notifications.Call": "calls of others",
    "notifications.Attempt": "calls of others",
    "notifications.Suppression": "who is not written to",
    "notifications.BounceReport": "who could not be reached",
    "notifications.Brake": "of jobs that run here",
    "notifications.Cursor": "of jobs that run here",
    "notifications.Beat": "of jobs that run here",
    "notifications.Turn": "of jobs that run here",
    "api.IdempotentAnswer": "answers kept for a day for those who asked",
    "portal.SentForm": "which forms were sent, for a day",
    "portal.WaitingImport": "files that were not imported yet, for an hour",
}
"""Models of which nothing is carried, and why."""

ONLY: dict[str, dict[str, object]] = {
    "commitments.EvidenceFile": {"evidence__isnull": False},
    "commitments.Redaction": {"state": "approved"},
    "ratings.RatingWords": {"stage": "published"},
}
"""Of these models only rows that are public."""

REFERRED: dict[str, tuple[str, str]] = {"ratings.Flag": ("ratings.SettingAside", "flag")}
"""Of these models only rows that a public row names: what was flagged and then asked about is in the record."""

SECOND = ("verified_by", "decided_by", "lifted_by")
"""Where two people must have acted, these columns name the other one."""

EACH = ("proposer",)
"""Of these people each is another, so that nobody seems to have challenged a claim twice; nobody is told again."""
