"""Pages behind the links of our mails: say yes, see what is new, change, pause, stop.

A page changes nothing by itself: programs that look at mail open every link in it, so that each change is a button.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications import feeds, following, kinds, links, naming, telling
from notifications.errors import LinkGone
from notifications.models import Cadence, Follow, Follower
from portal.follow import CADENCES, KINDS
from portal.things import things
from record import clock

View = Callable[..., HttpResponse]
GONE = 410


def by_link(view: View) -> View:
    """A page that its signed link alone opens: kept by nobody, told to no other site, and plain when it is over.

    The link is what a form would need a token for: whoever cannot know it cannot make anybody post to it.
    """

    @csrf_exempt
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        try:
            answer = view(request, token)
        except LinkGone as gone:
            answer = render(request, "portal/link_gone.html", {"said": gone.detail}, status=GONE)
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return page


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What was asked for, and a button that says yes."""
    wanted = links.follow_of(token)
    if request.method == "POST":
        wanted = following.confirm(wanted, clock.now())
    if not following.is_open(wanted, clock.now()):
        raise LinkGone
    context = {
        "name": naming.name_of(wanted),
        "kinds": _words(wanted),
        "cadence": CADENCES[wanted.follower.cadence],
        "is_confirmed": wanted.confirmed_at is not None,
        "manage": links.address(links.MANAGE, wanted.follower) if wanted.confirmed_at else "",
    }
    return render(request, "portal/confirm.html", context)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that this address follows, and how often it is told."""
    follower = links.follower_of(token)
    if request.method == "POST":
        _change(follower, request)
        return redirect("manage", token=token) if _is_there(follower) else _stopped(request)
    follows = follower.follows.filter(confirmed_at__isnull=False).select_related("search")
    names = naming.names_of(list(follows))
    context = {
        "follower": follower,
        "cadences": CADENCES.items(),
        "follows": [{"id": one.pk, "name": names[one.pk], "kinds": _words(one)} for one in follows],
        "feed": feeds.address(follower),
        "stop": links.address(links.STOP, follower),
    }
    return render(request, "portal/manage.html", context)


FEED_BUTTONS = {"feed": feeds.begin, "no-feed": feeds.end}


def _change(follower: Follower, request: HttpRequest) -> None:
    """What a button of the page says; anything else changes nothing."""
    asked, now = request.POST.get("do", ""), clock.now()
    if asked == "cadence" and request.POST.get("cadence", "") in Cadence.values:
        following.change(follower, now=now, cadence=request.POST["cadence"])
    elif asked in {"pause", "resume"}:
        following.change(follower, now=now, paused=asked == "pause")
    elif asked in FEED_BUTTONS:
        FEED_BUTTONS[asked](follower)
    elif asked.startswith("unfollow:"):
        for one in follower.follows.all():
            if str(one.pk) == asked.partition(":")[2]:
                following.unfollow(one)


def _is_there(follower: Follower) -> bool:
    return Follower.objects.filter(pk=follower.pk).exists()


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """A button that ends all mails and forgets the address."""
    follower = links.stopper_of(token)
    if follower and request.method != "POST":
        return render(request, "portal/stop.html")
    if follower:
        following.stop(follower)
    return _stopped(request)


def _stopped(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/stopped.html")


@by_link
@require_POST
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """What mail programs post to when somebody presses their own button (RFC 8058). Again is harmless."""
    follower = links.stopper_of(token)
    if follower:
        following.stop(follower)
    return HttpResponse("Stopped. You will get no more mails.", content_type="text/plain; charset=utf-8")


@by_link
@require_http_methods(["GET", "HEAD"])
def news(request: HttpRequest, token: str) -> HttpResponse:
    """All that a message told, as far as it may be shown now, each with what it belongs to."""
    message = links.message_of(token)
    entries = list(telling.entries_of(message))
    abouts = [one.subject if one.subject.startswith("theme:") else one.root or one.subject for one in entries]
    found, lines = things(set(abouts)), telling.lines(entries, with_names=True)
    context: dict[str, Any] = {
        "lines": [(line, found.get(about)) for line, about in zip(lines, abouts, strict=True)],
        "manage": links.address(links.MANAGE, message.follower) if message.follower else "",
    }
    return render(request, "portal/news.html", context)


def _words(one: Follow) -> list[str]:
    return [str(KINDS[kind]) for kind in kinds.unpacked(one.kinds)]
