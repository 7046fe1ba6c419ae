"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import hooks
from config.health import health, live, ready
from portal.desk.signing_in import admin_login

urlpatterns = [
    path("health/", health),
    path("health/live/", live),
    path("health/ready/", ready),
    path("api/v1/", include("api.urls")),
    # The windows of operators are entered by the desk's door.
    path("admin/login/", admin_login),
    path("admin/password_change/", RedirectView.as_view(pattern_name="desk_password")),
    path("admin/", admin.site.urls),
    path("desk/", include("portal.desk.urls")),
    *hooks.addresses(),
    *i18n_patterns(path("", include("portal.urls")), prefix_default_language=False),
]

# Pages; under /api/ each becomes problem+json (`api/http/errors.py`).
handler400 = "portal.failing.malformed"
handler403 = "portal.failing.forbidden"
handler404 = "portal.failing.missing"
handler500 = "portal.failing.broken"
