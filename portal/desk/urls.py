"""Every address of the desk, by what it is for. English alone: no language is part of them."""

from django.urls import URLPattern, URLResolver, path

from portal.desk import (
    accepting,
    answering,
    commitment,
    disputing,
    handing,
    importing,
    lineage,
    priorities,
    promising,
    second_factor,
    second_factor_setting_up,
    security,
    sheet,
    signing_in,
    signing_in_oidc,
    verifying,
)
from portal.desk.queue import pages as queue

urlpatterns: list[URLPattern | URLResolver] = [
    # What waits.
    path("", queue.queue, name="desk"),
    path("waiting/<slug:name>/", queue.kind, name="desk_waiting"),
    path("sheet/<slug:slug>/", sheet.sheet, name="desk_sheet"),
    # Signing in and security.
    path("sign-in/", signing_in.sign_in, name="desk_sign_in"),
    path("sign-in/oidc/", signing_in_oidc.begin, name="desk_oidc"),
    path("sign-in/oidc/<slug:provider_id>/back/", signing_in_oidc.back, name="openid_connect_callback"),
    path("second-factor/", second_factor.give, name="desk_second_factor"),
    path("second-factor/by-mail/", second_factor_setting_up.by_mail, name="desk_by_mail"),
    path("security/", security.security, name="desk_security"),
    path("security/factors/<int:key>/remove/", security.remove, name="desk_remove_factor"),
    path("security/passkeys/", second_factor_setting_up.passkey, name="desk_passkeys"),
    path("security/password/", security.password, name="desk_password"),
    path("security/recovery-codes/", security.recovery_codes, name="desk_recovery_codes"),
    path("security/set-up/", second_factor_setting_up.set_up, name="desk_set_up"),
    path("security/totp/", second_factor_setting_up.app, name="desk_totp"),
    path("security/totp/dots.svg", second_factor_setting_up.app_dots, name="desk_totp_dots"),
    # Teams.
    # Responders and the panel.
    path("claims/", verifying.claims, name="desk_claims"),
    path("commitments/<slug:reference>/", commitment.commitment, name="desk_commitment"),
    path("commitments/<slug:reference>/accept/", accepting.accept, name="desk_accept"),
    path("commitments/<slug:reference>/dispute/", disputing.dispute, name="desk_dispute"),
    path("commitments/<slug:reference>/hand-over/", handing.hand_over, name="desk_hand_over"),
    path("commitments/<slug:reference>/hand-over/refuse/", handing.refuse, name="desk_refuse"),
    path("commitments/<slug:reference>/hand-over/withdraw/", handing.withdraw, name="desk_withdraw"),
    path("commitments/<slug:reference>/merge/", lineage.merge, name="desk_merge"),
    path("commitments/<slug:reference>/priorities/", priorities.priorities, name="desk_priorities"),
    path("commitments/<slug:reference>/split/", lineage.split, name="desk_split"),
    path("commitments/<slug:reference>/supersede/", lineage.supersede, name="desk_supersede"),
    path("commitments/<slug:reference>/verify/", verifying.verify, name="desk_verify"),
    path("organisations/<slug:slug>/promise/", promising.promise, name="desk_promise"),
    path("recommendations/<slug:reference>/answer/", answering.answer, name="desk_answer"),
    # The convenor.
    # Administration.
    path("import/", importing.begin, name="desk_import"),
    path("import/sheets/<slug:kind>.csv", importing.template, name="desk_import_template"),
    path("import/<uuid:key>/", importing.checked, name="desk_import_checked"),
    path("import/<uuid:key>/to-mend.csv", importing.faults, name="desk_import_faults"),
]
