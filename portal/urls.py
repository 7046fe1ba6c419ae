"""Every address under this door."""

from django.urls import URLPattern, URLResolver, path

from portal import (
    about,
    assemblies,
    design,
    following,
    post,
    recommendations,
    records,
    start,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("README.md", start.readme, name="readme"),
    # What was asked for, and the record.
    path("assemblies/", assemblies.assemblies, name="assemblies"),
    path("assemblies/<slug:slug>/", assemblies.assembly, name="assembly"),
    path("assemblies/<slug:slug>/themes/<slug:theme>/", assemblies.theme, name="theme"),
    path("recommendations/<slug:reference>/", recommendations.recommendation, name="recommendation"),
    path("record/", records.record, name="record"),
    path("record/<int:position>/", records.entry, name="entry"),
    path("about/method/", about.method, name="method"),
    path("about/privacy/", about.privacy, name="privacy"),
    path("about/licence/", about.licence, name="licence"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("about/rating-rules/", about.rating_rules, name="rating_rules"),
    path("about/design/", design.design, name="design"),
    path("following/confirm/<slug:token>/", following.confirm, name="confirm"),
    path("following/stop/<slug:token>/", following.stop, name="stop"),
    path("following/one-click/<slug:token>/", following.one_click, name="one_click"),
    path("following/news/<slug:token>/", following.news, name="news"),
    path("following/post/<slug:token>/", post.choose, name="post"),
    path("following/post-off/<slug:token>/", post.off, name="post_off"),
    path("following/<slug:token>/", following.manage, name="manage"),
]
