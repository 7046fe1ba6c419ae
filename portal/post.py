"""The page behind the links of offices' post: how often somebody wants it. Their account is not asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from notifications import links, offices, post
from notifications.models import PostCadence
from portal.following import by_link
from record import clock


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """The offices whose post somebody gets, and how often."""
    reader = links.reader_of(token)
    if request.method == "POST":
        if request.POST.get("cadence", "") in PostCadence.values:
            post.choose(reader, request.POST["cadence"], clock.now())
        return redirect("post", token=token)
    named = offices.names(offices.of(reader.user_id))
    context = {"reader": reader, "cadences": PostCadence.choices, "offices": sorted(named.values())}
    return render(request, "portal/post.html", context)


@by_link
@require_POST
def off(request: HttpRequest, token: str) -> HttpResponse:
    """What mail programs post to when somebody presses their own button (RFC 8058). Again is harmless."""
    reader = links.switcher_of(token)
    if reader:
        post.choose(reader, PostCadence.OFF, clock.now())
    said = "Switched off. While nobody else in an office reads its post, you still get it."
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
