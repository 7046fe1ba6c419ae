"""The desk's first page: what waits for whoever asks; and a page for each kind, with all of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from portal.desk.door import desk
from portal.desk.queue import gathering
from portal.desk.queue import seats as sitting
from portal.desk.queue.registry import BY_NAME
from record import clock


@desk
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, by office, most urgent first."""
    seats = sitting.of(_person(request))
    found = gathering.of(seats, clock.today())
    sheets = list(dict.fromkeys((*seats.convened, *seats.panels)))
    return render(request, "portal/desk/queue.html", {"queue": found, "sheets": sheets})


@desk
@require_safe
def kind(request: HttpRequest, name: str) -> HttpResponse:
    """Everything of one kind, what falls due much later too, on one page."""
    seats, it = sitting.of(_person(request)), BY_NAME.get(name)
    if it is None or not it.is_for(seats):
        raise Http404
    found = gathering.items(it, seats, clock.today())
    named = gathering.names({one.office for one in found})
    told = [(one, named[one.office]) for one in found]
    return render(request, "portal/desk/queue_kind.html", {"kind": it, "told": told})


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
