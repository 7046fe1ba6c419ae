"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health),
    path("api/v1/", include("api.urls")),
    path("admin/", admin.site.urls),
    path("", include("portal.urls")),
]
