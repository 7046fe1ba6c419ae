"""Every address under this door."""

from django.urls import URLPattern, URLResolver, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("README.md", views.readme, name="readme"),
]
