"""Rating a commitment or a theme: five points, words if one likes, and before sending, who will see what.

Nothing of a rating is in an address, a log, a session or a cookie: between two pages it is in the browser's own form
alone, and then in the sealed ballot.
"""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from commitments.models import Commitment, Theme
from portal import scale, signing_in
from portal.private import Fault, private, refused
from portal.typed import fault_of_prose, prose
from ratings import actions, limits, periods
from ratings.actions.words import OwnWords
from ratings.errors import NothingRated
from ratings.sealing import LONGEST_WORDS
from ratings.subjects import Rated, Said
from record import clock
from record.refusals import Missing

SEND, WITHDRAW = gettext_lazy("Send your rating"), gettext_lazy("Take your rating back")


@dataclass(frozen=True)
class Subject:
    """What is rated, as pages name it."""

    row: Rated
    kind: str
    of: tuple[str, ...]

    @property
    def is_theme(self) -> bool:
        """Whether it is a theme as a whole: only then communities are asked about."""
        return self.kind == Theme.record_kind

    @property
    def page(self) -> str:
        """Its own page, which everybody reads."""
        return reverse(self.kind, args=self.of)

    @property
    def rate(self) -> str:
        """Where one rates it."""
        return reverse(f"rate_{self.kind}", args=self.of)

    @property
    def withdraw(self) -> str:
        """Where one takes the rating back."""
        return reverse(f"withdraw_{self.kind}_rating", args=self.of)

    @property
    def unsay(self) -> str:
        """Where one takes one's words back."""
        return reverse(f"unsay_{self.kind}", args=self.of)

    @property
    def local_code(self) -> str:
        """Where a code from a letter is given."""
        return reverse("local_code", args=(self.row.assembly.slug,))


@dataclass(frozen=True)
class Given:
    """What the form says."""

    choice: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Given":
        """As it was sent."""
        return cls(request.POST.get("choice", ""), prose(request.POST.get("words", "")))

    def faults(self) -> list[Fault]:
        """What is to be mended."""
        found = [fault_of_prose("words", self.words, longest=LONGEST_WORDS)]
        if self.choice not in scale.POINTS:
            found.insert(0, Fault("choice", _("Choose one of the answers.")))
        return [one for one in found if one]

    def said(self, communities: dict[str, str]) -> Said:
        """As a ballot holds it."""
        if self.choice == scale.DONT_KNOW:
            return Said(None, True, communities, self.words)
        return Said(int(self.choice), False, communities, self.words)


def of_commitment(reference: str) -> Subject:
    """A commitment. Raises Missing."""
    row = Commitment.objects.select_related("assembly").filter(reference=reference).first()
    if row is None:
        raise Missing
    return Subject(row, Commitment.record_kind, (reference,))


def of_theme(slug: str, theme: str) -> Subject:
    """A theme. Raises Missing."""
    row = Theme.objects.select_related("assembly").filter(assembly__slug=slug, slug=theme).first()
    if row is None:
        raise Missing
    return Subject(row, Theme.record_kind, (slug, theme))


def found(**names: str) -> Subject:
    """What the address names. Raises Missing."""
    return of_commitment(**names) if "reference" in names else of_theme(**names)


@private
def rate(request: HttpRequest, **names: str) -> HttpResponse:
    """The form, with what one said before; and sending it."""
    subject = found(**names)
    if request.method != "POST":
        return _form(request, subject)
    given = Given.of(request)
    faults = given.faults()
    if faults:
        return _form(request, subject, given, faults)
    who = signing_in.person(request, SEND)
    if not isinstance(who, User):
        return who
    over = too_often(request, who)
    if over:
        return over
    return _cast(subject, given, who)


@private
def withdraw(request: HttpRequest, **names: str) -> HttpResponse:
    """Take one's rating of this quarter back, words and all."""
    return _take_back(request, found(**names), is_whole=True)


@private
def unsay(request: HttpRequest, **names: str) -> HttpResponse:
    """Take one's words back, wherever they are; the rating stays."""
    return _take_back(request, found(**names), is_whole=False)


def own(subject: Subject, by: User, today: date) -> Said | None:
    """What one said in this quarter; its words are asked for apart."""
    try:
        return actions.own(subject.row, by=by, today=today)
    except NothingRated:
        return None


def too_often(request: HttpRequest, by: User) -> HttpResponse | None:
    """The page that says so, where the account or the network casts more than it may: one count with the API's."""
    for counts, words in (
        (limits.of_account(by), _("Your account has cast or changed as many ratings as it may for now.")),
        (
            limits.of_network(request),
            _(
                "As many ratings as may came from where you are. At a meeting, ask who runs this service to allow more."
            ),
        ),
    ):
        over = [count for count in counts if count.is_over]
        if over:
            return refused(request, words, status=429, wait=max(count.resets_in for count in over))
    return None


def _cast(subject: Subject, given: Given, by: User) -> HttpResponse:
    today = clock.today()
    before = own(subject, by, today) if subject.is_theme else None
    communities = dict(before.communities) if before else {}
    actions.cast(subject.row, by=by, today=today, said=given.said(communities))
    if subject.is_theme and before is None:
        return redirect("questions", *subject.of)
    return redirect(subject.rate)


def _form(
    request: HttpRequest, subject: Subject, given: Given | None = None, faults: list[Fault] | None = None
) -> HttpResponse:
    today = clock.today()
    by = request.user if isinstance(request.user, User) else None
    before = own(subject, by, today) if by else None
    words = actions.own_words(subject.row, by=by, today=today) if by else OwnWords()
    context = {
        "subject": subject,
        "points": scale.POINTS.items(),
        "given": given or _as_given(before, words),
        "before": before,
        "own": words,
        "faults": faults or [],
        "until": periods.last_day(periods.of(today)),
        "longest": LONGEST_WORDS,
    }
    return render(request, "portal/people/rate.html", context, status=400 if faults else 200)


def _as_given(before: Said | None, words: OwnWords) -> Given:
    if before is None:
        return Given()
    return Given(scale.DONT_KNOW if before.dont_know else str(before.score), words.said)


def _take_back(request: HttpRequest, subject: Subject, *, is_whole: bool) -> HttpResponse:
    """A button; and what it does."""
    if request.method != "POST":
        return render(request, "portal/people/take_back.html", {"subject": subject, "is_whole": is_whole})
    who = signing_in.person(request, WITHDRAW)
    if not isinstance(who, User):
        return who
    over = too_often(request, who)
    if over:
        return over
    try:
        _do_take_back(subject, who, is_whole=is_whole)
    except Missing:
        words = _("There is nothing of yours here in this quarter.")
        return refused(request, words, status=404)
    return redirect(subject.rate)


def _do_take_back(subject: Subject, by: User, *, is_whole: bool) -> None:
    if is_whole:
        actions.withdraw(subject.row, by=by, today=clock.today())
    else:
        actions.take_back_words(subject.row, by=by, today=clock.today())
