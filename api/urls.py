"""All routes of the API on one screen; every list can also be had as `.csv`."""

from typing import Any

from django.urls import URLPattern, URLResolver, path

from api.areas import Areas, OneArea
from api.assemblies import Assemblies, OneAssembly
from api.calendars import AnswerDates, CommitmentDates, ReplyDates
from api.challenges import (
    ChallengeAdmission,
    ChallengeDetail,
    ChallengeRefusal,
    ChallengeReply,
    ChallengeResolution,
    Challenges,
    ChallengeSupport,
    ChallengeWithdrawal,
    CommitmentChallenges,
)
from api.commitments import Acceptance, CommitmentDetail, Commitments
from api.comparisons import ThemeComparisons
from api.corrections import (
    CommitmentCorrections,
    CorrectionApproval,
    CorrectionRefusal,
    RecommendationCorrections,
    UpdateCorrections,
)
from api.due_dates import DueDateApproval, DueDateChanges, DueDateRefusal
from api.events import Events, OneEvent
from api.evidence import EvidenceBytes, EvidenceFiles, OneEvidenceFile
from api.exports import Archives, OneArchive
from api.feeds import FEED, LINK, feed_of
from api.hidings import HidingRestoring, Hidings
from api.holds import HoldLifting, Holds, OneHold
from api.http.negotiation import CSV, READING
from api.http.views import PublicList
from api.keys import Keys, OneKey
from api.lineage import (
    HandOver,
    HandOverRefusal,
    HandOverWithdrawal,
    Merging,
    Splitting,
    Superseding,
)
from api.local_codes import LocalCodes, OneBatch, Redemption
from api.me import Me
from api.milestones import MilestoneDone, Milestones
from api.moderation import (
    Moderation,
    ReportDismissal,
    ReportHiding,
    Reports,
    WordsPublication,
    WordsRefusal,
)
from api.neighbourhoods import Neighbourhoods, OneNeighbourhood
from api.organisations import OneOrganisation, Organisations
from api.priorities import OnePriority, OneTie, Priorities, Ties
from api.private_feeds import Feeds, OwnFeed, PrivateFeed
from api.rating_words import CommitmentWords, OwnCommitmentWords, OwnThemeWords, ThemeWords
from api.ratings import CommitmentRating, Ratings, ThemeRating
from api.recommendations import Asking, OneRecommendation, Recommendations
from api.record import (
    EntryProof,
    Growth,
    OneBundle,
    OneTile,
    SignedState,
    SignedStates,
    VerifierKeys,
)
from api.redactions import (
    OneRedaction,
    RedactionApproval,
    RedactionRefusal,
    RedactionRequests,
    Redactions,
    RedactionWithdrawal,
)
from api.reference import Root, Schema, SchemaFile, Try, chapter, index
from api.responses import OneResponse, Responses
from api.search import Search
from api.set_asides import (
    OneSetAside,
    RatingFlags,
    Restoring,
    SetAsideApproval,
    SetAsideRefusal,
    SetAsides,
)
from api.subscriptions import OneFollow, OneSubscription, SubscriptionConfirmation, Subscriptions
from api.teams import OneTeam, Reorganisation, Teams
from api.themes import OneTheme, Themes
from api.trends import CommitmentResidents, OrganisationResidents, TeamResidents, ThemeResidents
from api.updates import CommitmentUpdates, Update, Updates
from api.verifications import Verifications
from api.webhooks import (
    DeliveryReplay,
    OneDelivery,
    OneWebhook,
    WebhookDeliveries,
    WebhookPing,
    WebhookRotation,
    Webhooks,
    WebhookVerification,
)

Routes = list[URLPattern | URLResolver]


def listed(address: str, view: type[PublicList]) -> Routes:
    """The addresses of a public list: the usual one, the one for CSV whatever the Accept header, and its feed's."""
    as_csv: Any = view.as_view(form=CSV, http_method_names=READING)
    feed: Any = feed_of(view)
    if feed is None:
        return [path(f"{address}/", view.as_view()), path(f"{address}.csv", as_csv)]
    return [
        path(f"{address}/", view.as_view(link=LINK)),
        path(f"{address}.csv", as_csv),
        path(f"{address}/{FEED}", feed.as_view()),
    ]


assemblies: Routes = [
    *listed("assemblies", Assemblies),
    path("assemblies/<slug:slug>/", OneAssembly.as_view()),
    *listed("themes", Themes),
    path("assemblies/<slug:slug>/themes/<slug:theme>/", OneTheme.as_view()),
    path("assemblies/<slug:slug>/themes/<slug:theme>/residents/", ThemeResidents.as_view()),
    path("assemblies/<slug:slug>/themes/<slug:theme>/comparisons/", ThemeComparisons.as_view()),
    path("assemblies/<slug:slug>/themes/<slug:theme>/rating/", ThemeRating.as_view()),
    path("assemblies/<slug:slug>/themes/<slug:theme>/rating/words/", OwnThemeWords.as_view()),
    *listed("assemblies/<slug:slug>/themes/<slug:theme>/words", ThemeWords),
    *listed("areas", Areas),
    path("areas/<slug:code>/", OneArea.as_view()),
]
recommendations: Routes = [
    *listed("recommendations", Recommendations),
    path("recommendations/due-dates.ics", AnswerDates.as_view()),
    path("recommendations/<slug:reference>/", OneRecommendation.as_view()),
    path("recommendations/<slug:reference>/asked/", Asking.as_view()),
    *listed("recommendations/<slug:reference>/responses", Responses),
    path("recommendations/<slug:reference>/responses/<uuid:id>/", OneResponse.as_view()),
    *listed("recommendations/<slug:reference>/corrections", RecommendationCorrections),
]
commitments: Routes = [
    *listed("commitments", Commitments),
    path("commitments/due-dates.ics", CommitmentDates.as_view()),
    path("commitments/<slug:reference>/", CommitmentDetail.as_view()),
    path("commitments/<slug:reference>/residents/", CommitmentResidents.as_view()),
    path("commitments/<slug:reference>/rating/", CommitmentRating.as_view()),
    path("commitments/<slug:reference>/rating/words/", OwnCommitmentWords.as_view()),
    *listed("commitments/<slug:reference>/words", CommitmentWords),
    path("commitments/<slug:reference>/accept/", Acceptance.as_view()),
    path("commitments/<slug:reference>/hand-over/", HandOver.as_view()),
    path("commitments/<slug:reference>/hand-over/refuse/", HandOverRefusal.as_view()),
    path("commitments/<slug:reference>/hand-over/withdraw/", HandOverWithdrawal.as_view()),
    path("commitments/<slug:reference>/supersede/", Superseding.as_view()),
    path("commitments/<slug:reference>/split/", Splitting.as_view()),
    path("commitments/<slug:reference>/merge/", Merging.as_view()),
    *listed("commitments/<slug:reference>/corrections", CommitmentCorrections),
    path("commitments/<slug:reference>/corrections/<uuid:id>/approve/", CorrectionApproval.as_view()),
    path("commitments/<slug:reference>/corrections/<uuid:id>/refuse/", CorrectionRefusal.as_view()),
    *listed("commitments/<slug:reference>/updates", CommitmentUpdates),
    *listed("commitments/<slug:reference>/milestones", Milestones),
    path("commitments/<slug:reference>/milestones/<uuid:id>/done/", MilestoneDone.as_view()),
    *listed("commitments/<slug:reference>/due-date-changes", DueDateChanges),
    path("commitments/<slug:reference>/due-date-changes/<uuid:id>/approve/", DueDateApproval.as_view()),
    path("commitments/<slug:reference>/due-date-changes/<uuid:id>/refuse/", DueDateRefusal.as_view()),
    *listed("commitments/<slug:reference>/verifications", Verifications),
    *listed("commitments/<slug:reference>/challenges", CommitmentChallenges),
]
updates: Routes = [
    *listed("updates", Updates),
    path("updates/<uuid:id>/", Update.as_view()),
    *listed("updates/<uuid:id>/corrections", UpdateCorrections),
    path("evidence/", EvidenceFiles.as_view()),
    path("evidence/<uuid:id>/", OneEvidenceFile.as_view()),
    path("evidence/<uuid:id>/file/", EvidenceBytes.as_view()),
]
challenges: Routes = [
    *listed("challenges", Challenges),
    path("challenges/due-dates.ics", ReplyDates.as_view()),
    path("challenges/<uuid:id>/", ChallengeDetail.as_view()),
    path("challenges/<uuid:id>/admit/", ChallengeAdmission.as_view()),
    path("challenges/<uuid:id>/refusal/", ChallengeRefusal.as_view()),
    path("challenges/<uuid:id>/support/", ChallengeSupport.as_view()),
    path("challenges/<uuid:id>/reply/", ChallengeReply.as_view()),
    path("challenges/<uuid:id>/resolve/", ChallengeResolution.as_view()),
    path("challenges/<uuid:id>/withdraw/", ChallengeWithdrawal.as_view()),
]
priorities: Routes = [
    *listed("neighbourhoods", Neighbourhoods),
    path("neighbourhoods/<uuid:id>/", OneNeighbourhood.as_view()),
    *listed("priorities", Priorities),
    path("priorities/<uuid:id>/", OnePriority.as_view()),
    path("priorities/<uuid:id>/commitments/", Ties.as_view()),
    path("priorities/<uuid:id>/commitments/<slug:reference>/", OneTie.as_view()),
]
bodies: Routes = [
    *listed("organisations", Organisations),
    path("organisations/<slug:slug>/", OneOrganisation.as_view()),
    path("organisations/<slug:slug>/residents/", OrganisationResidents.as_view()),
    *listed("teams", Teams),
    path("teams/<slug:slug>/", OneTeam.as_view()),
    path("teams/<slug:slug>/residents/", TeamResidents.as_view()),
    path("teams/<slug:slug>/reorganise/", Reorganisation.as_view()),
]


def tiled(address: str, view: Any, called: str) -> Routes:
    """The addresses of tiles: the thousandth and later ones are in folders, and those not full yet say their width."""
    names = {
        f"record_{called}": "<slug:number>",
        f"record_partial_{called}": "<slug:number>.p/<slug:width>",
        f"record_far_{called}": "<slug:thousands>/<slug:number>",
        f"record_far_partial_{called}": "<slug:thousands>/<slug:number>.p/<slug:width>",
    }
    return [path(f"{address}/{name}", view.as_view(called=one)) for one, name in names.items()]


record: Routes = [
    path("record/checkpoint", SignedState.as_view()),
    *listed("record/checkpoints", SignedStates),
    path("record/vkey", VerifierKeys.as_view()),
    *tiled("record/tile/entries", OneBundle, "bundle"),
    *tiled("record/tile/<slug:level>", OneTile, "tile"),
    path("record/proof/<int:position>", EntryProof.as_view()),
    path("record/consistency", Growth.as_view()),
    path("exports/", Archives.as_view()),
    path("exports/<slug:name>.zip", OneArchive.as_view()),
    *listed("events", Events),
    path("events/<int:position>/", OneEvent.as_view()),
    *listed("search", Search),
    *listed("ratings", Ratings),
    path("rating-flags/", RatingFlags.as_view()),
    *listed("set-asides", SetAsides),
    path("set-asides/<uuid:id>/", OneSetAside.as_view()),
    path("set-asides/<uuid:id>/approve/", SetAsideApproval.as_view()),
    path("set-asides/<uuid:id>/refuse/", SetAsideRefusal.as_view()),
    path("set-asides/<uuid:id>/restore/", Restoring.as_view()),
]
withholding: Routes = [
    path("reports/", Reports.as_view()),
    path("moderation/", Moderation.as_view()),
    path("moderation/hidings/", Hidings.as_view()),
    path("moderation/hidings/<uuid:id>/restore/", HidingRestoring.as_view()),
    path("moderation/words/<uuid:id>/publish/", WordsPublication.as_view()),
    path("moderation/words/<uuid:id>/refuse/", WordsRefusal.as_view()),
    path("moderation/reports/<uuid:id>/dismiss/", ReportDismissal.as_view()),
    path("moderation/reports/<uuid:id>/hide/", ReportHiding.as_view()),
    *listed("holds", Holds),
    path("holds/<uuid:id>/", OneHold.as_view()),
    path("holds/<uuid:id>/lift/", HoldLifting.as_view()),
    *listed("redactions", Redactions),
    path("redactions/requests/", RedactionRequests.as_view()),
    path("redactions/<uuid:id>/", OneRedaction.as_view()),
    path("redactions/<uuid:id>/approve/", RedactionApproval.as_view()),
    path("redactions/<uuid:id>/refuse/", RedactionRefusal.as_view()),
    path("redactions/<uuid:id>/withdraw/", RedactionWithdrawal.as_view()),
]
people: Routes = [
    path("me/", Me.as_view()),
    path("keys/", Keys.as_view()),
    path("keys/<uuid:id>/", OneKey.as_view()),
    path("webhooks/", Webhooks.as_view()),
    path("webhooks/<uuid:id>/", OneWebhook.as_view()),
    path("webhooks/<uuid:id>/verify/", WebhookVerification.as_view()),
    path("webhooks/<uuid:id>/ping/", WebhookPing.as_view()),
    path("webhooks/<uuid:id>/rotate/", WebhookRotation.as_view()),
    path("webhooks/<uuid:id>/deliveries/", WebhookDeliveries.as_view()),
    path("webhooks/<uuid:id>/deliveries/<uuid:delivery>/", OneDelivery.as_view()),
    path("webhooks/<uuid:id>/deliveries/<uuid:delivery>/replay/", DeliveryReplay.as_view()),
    path("subscriptions/", Subscriptions.as_view()),
    path("subscriptions/confirm/", SubscriptionConfirmation.as_view()),
    path("subscriptions/<slug:token>/", OneSubscription.as_view()),
    path("subscriptions/<slug:token>/follows/<uuid:id>/", OneFollow.as_view()),
    path("subscriptions/<slug:token>/feed/", OwnFeed.as_view()),
    path("feeds/", Feeds.as_view()),
    path("feeds/<slug:token>/feed.atom", PrivateFeed.as_view(called="private_feed")),
    path("feeds/<slug:token>/follows/<uuid:id>/feed.atom", PrivateFeed.as_view(called="private_feed_of_one")),
    path("local-codes/", LocalCodes.as_view()),
    path("local-codes/redeem/", Redemption.as_view()),
    path("local-codes/<uuid:id>/", OneBatch.as_view()),
]
reference: Routes = [
    path("", Root.as_view()),
    path("schema/", Schema.as_view()),
    path("schema.yaml", SchemaFile.as_view()),
    path("docs/", index),
    path("docs/try/", Try.as_view()),
    path("docs/<slug:name>/", chapter),
]

urlpatterns: Routes = [
    *assemblies,
    *recommendations,
    *commitments,
    *updates,
    *priorities,
    *challenges,
    *bodies,
    *record,
    *withholding,
    *people,
    *reference,
]
