"""Questions on community, after a theme was rated: one at a time, each with its own consent, each to be skipped."""

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from portal import scale, signing_in
from portal.private import Fault, private
from portal.rating import Subject, of_theme, own, too_often
from ratings import actions
from ratings.choices import COMMUNITIES, FROM_16, UNDER_16
from ratings.subjects import Said
from record import clock
from record.refusals import Missing

REMOVE = "remove"


@private
@require_safe
def questions(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """What will be asked, why, and that all of it can be left out."""
    subject = of_theme(slug, theme)
    person = _signed_in(request, subject)
    if not isinstance(person, User):
        return person
    if own(subject, person, clock.today()) is None:
        return redirect(subject.rate)
    first = _address(subject, next(iter(COMMUNITIES)))
    return render(request, "portal/people/questions.html", {"subject": subject, "first": first})


@private
def question(request: HttpRequest, slug: str, theme: str, name: str) -> HttpResponse:
    """One question. An answer is taken with consent alone."""
    if name not in COMMUNITIES:
        raise Missing
    subject = of_theme(slug, theme)
    person = _signed_in(request, subject)
    if not isinstance(person, User):
        return person
    said = own(subject, person, clock.today())
    if said is None:
        return redirect(subject.rate)
    if request.method != "POST":
        return _form(request, subject, name, said)
    return _answer(request, subject, name, person, said)


def _answer(request: HttpRequest, subject: Subject, name: str, by: User, said: Said) -> HttpResponse:
    answer = "" if REMOVE in request.POST else request.POST.get("answer", "")
    fault = None if REMOVE in request.POST else _fault(request, name, answer)
    if fault:
        return _form(request, subject, name, said, fault)
    over = too_often(request, by)
    if over:
        return over
    answers = _with(said.communities, name, answer)
    _keep(subject, by, replace(said, communities=answers))
    return redirect(_after(subject, name, answers))


def _keep(subject: Subject, by: User, said: Said) -> None:
    """Cast again what was said, words and all."""
    today = clock.today()
    words = actions.own_words(subject.row, by=by, today=today).said
    actions.cast(subject.row, by=by, today=today, said=replace(said, words=words))


def _with(before: Mapping[str, str], name: str, answer: str) -> dict[str, str]:
    """The answers with one more or less; what is not asked under 16 goes when somebody says that they are."""
    answers = {**before, name: answer}
    return {one: said for one, said in answers.items() if said and one in _asked(answers)}


def _fault(request: HttpRequest, name: str, answer: str) -> Fault | None:
    if answer not in dict(scale.answers(name)):
        return Fault("answer", _("Choose one of the answers, or skip the question."))
    if "consent" not in request.POST:
        words = _("Without your consent we take no answer. Tick the box, or skip the question.")
        return Fault("consent", words)
    return None


def _form(
    request: HttpRequest, subject: Subject, name: str, said: Said, fault: Fault | None = None
) -> HttpResponse:
    names = _asked(said.communities)
    context = {
        "subject": subject,
        "question": scale.QUESTIONS[name],
        "answers": scale.answers(name),
        "given": request.POST.get("answer") or said.communities.get(name, ""),
        "kept": name in said.communities,
        "faults": [fault] if fault else [],
        "number": names.index(name) + 1 if name in names else len(names),
        "all": len(names),
        "skip": _after(subject, name, said.communities),
    }
    return render(request, "portal/people/question.html", context, status=400 if fault else 200)


def _signed_in(request: HttpRequest, subject: Subject) -> User | HttpResponse:
    """Who rated; anybody else goes the way by which one rates."""
    if isinstance(request.user, User):
        return request.user
    return redirect(f"{reverse('sign_in')}?{urlencode({signing_in.NEXT: subject.rate})}")


def _asked(answers: Mapping[str, str]) -> list[str]:
    """The questions that are put to somebody who answered so."""
    is_young = answers.get("age_band") == UNDER_16
    return [name for name in COMMUNITIES if not (is_young and name in FROM_16)]


def _after(subject: Subject, name: str, answers: Mapping[str, str]) -> str:
    """The next question, or back to the rating."""
    names = list(COMMUNITIES)
    later = [one for one in names[names.index(name) + 1 :] if one in _asked(answers)]
    return _address(subject, later[0]) if later else subject.rate


def _address(subject: Subject, name: str) -> str:
    return reverse("question", args=(*subject.of, name))
