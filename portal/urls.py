"""Every address under this door."""

from django.urls import URLPattern, URLResolver, path

from portal import following, post, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("README.md", views.readme, name="readme"),
    path("following/confirm/<slug:token>/", following.confirm, name="confirm"),
    path("following/stop/<slug:token>/", following.stop, name="stop"),
    path("following/one-click/<slug:token>/", following.one_click, name="one_click"),
    path("following/news/<slug:token>/", following.news, name="news"),
    path("following/post/<slug:token>/", post.choose, name="post"),
    path("following/post-off/<slug:token>/", post.off, name="post_off"),
    path("following/<slug:token>/", following.manage, name="manage"),
]
