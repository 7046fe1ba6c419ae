"""Every address of the desk, by what it is for. English alone: no language is part of them."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from portal.desk import importing, second_factor, security, signing_in

urlpatterns: list[URLPattern | URLResolver] = [
    # What waits.
    path("", RedirectView.as_view(pattern_name="desk_security"), name="desk"),
    # Signing in and security.
    path("sign-in/", signing_in.sign_in, name="desk_sign_in"),
    path("second-factor/", second_factor.second_factor, name="desk_second_factor"),
    path("security/", security.security, name="desk_security"),
    # Teams.
    # Responders and the panel.
    # The convenor.
    # Administration.
    path("import/", importing.begin, name="desk_import"),
    path("import/sheets/<slug:kind>.csv", importing.template, name="desk_import_template"),
    path("import/<uuid:key>/", importing.checked, name="desk_import_checked"),
    path("import/<uuid:key>/to-mend.csv", importing.faults, name="desk_import_faults"),
]
