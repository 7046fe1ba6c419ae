"""Each kind of page of the desk in each state that a form takes: nobody kept out, and nothing cut off."""

import pytest
from django.urls import URLPattern
from playwright.sync_api import Page

from portal.desk.urls import urlpatterns
from tests.browser import looking
from tests.browser.chromium import SMALLEST, WIDE
from tests.browser.officers import Desk

HOME = "assemblies/waltham-forest-2024/"
TEAM = {
    "desk": "",
    "desk_mine": "commitments/",
    "desk_update": "commitments/{active}/update/",
    "desk_nothing": "commitments/{active}/nothing/",
    "desk_dates": "commitments/{active}/dates/",
    "desk_dates: asked": "commitments/{asked}/dates/",
    "desk_milestones": "commitments/{active}/milestones/",
    "desk_milestone_done": "commitments/{active}/milestones/{step}/done/",
    "desk_correct": "commitments/{active}/corrections/",
    "desk_correct_update": "updates/{update}/corrections/",
    "desk_reply": "challenges/{challenge}/reply/",
    "desk_commitment": "commitments/{active}/",
    "desk_security": "security/",
    "desk_remove_factor": "security/factors/{factor}/remove/",
    "desk_passkeys": "security/passkeys/",
    "desk_password": "security/password/",
    "desk_recovery_codes": "security/recovery-codes/",
    "desk_set_up": "security/set-up/",
    "desk_totp": "security/totp/",
    "desk_invited": "invited/",
    "desk_hand_on": "hand-on/",
    "desk_hand_on_one": "hand-on/{post}/",
    "desk_people: of nobody": "people/",
}
RESPONDER = {
    "desk: of a body": "",
    "desk_commitment: of a body": "commitments/{active}/",
    "desk_accept": "commitments/{entered}/accept/",
    "desk_hand_over": "commitments/{active}/hand-over/",
    "desk_withdraw": "commitments/{offered}/hand-over/withdraw/",
    "desk_merge": "commitments/{active}/merge/",
    "desk_priorities": "commitments/{active}/priorities/",
    "desk_split": "commitments/{active}/split/",
    "desk_supersede": "commitments/{active}/supersede/",
    "desk_promise": "organisations/metropolitan-police/promise/?assembly=waltham-forest-2024",
    "desk_promise: where": "organisations/metropolitan-police/promise/",
    "desk_answer": "recommendations/WF24-R10/answer/",
    "desk_people": "people/",
    "desk_bodies: own": "bodies/",
    "desk_reorganise": "teams/wf-safer-neighbourhoods/reorganise/",
}
PANEL = {
    "desk: of the panel": "",
    "desk_claims": "claims/",
    "desk_dispute": "commitments/{claimed}/dispute/",
    "desk_verify": "commitments/{claimed}/verify/",
    "desk_sheet": "sheet/waltham-forest-2024/",
}
CONVENOR = {
    "desk: of a convenor": "",
    "desk_waiting": "waiting/date_change/",
    "desk_waiting: nothing": "waiting/report/",
    "desk_assembly": HOME,
    "desk_challenges": f"{HOME}challenges/",
    "desk_codes": f"{HOME}codes/",
    "desk_enter_commitment": f"{HOME}commitments/new/",
    "desk_corrections": f"{HOME}corrections/",
    "desk_date_changes": f"{HOME}date-changes/",
    "desk_holds": f"{HOME}holds/",
    "desk_hold_new": f"{HOME}holds/new/",
    "desk_hide": f"{HOME}holds/hide/",
    "desk_enter_recommendation": f"{HOME}recommendations/new/",
    "desk_redactions": f"{HOME}redactions/",
    "desk_redaction_new": f"{HOME}redactions/new/",
    "desk_reports": f"{HOME}reports/",
    "desk_set_asides": f"{HOME}set-asides/",
    "desk_words": f"{HOME}words/",
    "desk_admit": "challenges/{proposed}/admit/",
    "desk_resolve": "challenges/{answered}/resolve/",
    "desk_withdraw_codes": "codes/{batch}/withdraw/",
    "desk_correction": "corrections/{correction}/",
    "desk_date_change": "date-changes/{approved}/",
    "desk_hold": "holds/{hold}/",
    "desk_ask": "recommendations/WF24-R07/ask/",
    "desk_enter_response": "recommendations/WF24-R10/responses/new/",
    "desk_redaction": "redactions/{redaction}/",
    "desk_word": "words/{word}/",
    "desk_people: of an assembly": "people/",
    "desk_end_role": "people/{held_by}/end/",
    "desk_shut": "people/{held_by}/shut/",
    "desk_invite": "invite/",
    "desk_grants": "grants/",
    "desk_bodies": "bodies/",
    "desk_enter_organisation": "bodies/enter/",
    "desk_correct_organisation": "bodies/metropolitan-police/correct/",
    "desk_enter_team": "bodies/metropolitan-police/team/",
    "desk_correct_team": "teams/wf-safer-neighbourhoods/correct/",
    "desk_import": "import/",
}
BY_SEAT = {"team": TEAM, "responder": RESPONDER, "panel": PANEL, "convenor": CONVENOR}
NO_PAGES = {
    *("desk_oidc", "openid_connect_callback", "desk_totp_dots", "desk_waiting_file"),
    *("desk_import_template", "desk_import_faults"),
}
"""Routes that are no pages for people."""
ELSEWHERE = {
    *("desk_sign_in", "desk_second_factor", "desk_by_mail"),  # the door: below, and test_passkeys.py
    *("desk_flag", "desk_report", "desk_restore", "desk_set_aside"),  # the form of desk_date_change
    *("desk_refuse", "desk_take_up"),  # of desk_withdraw, of desk_end_role
    *("desk_letters", "desk_import_checked"),  # below, and the journeys
}
"""Opened by another test, or a twin of one that is: the same templates with other words."""
SKETCH = {
    "text": "Two of nine, as the list of May shows.",
    "url": "https://example.org/report",
    "email": "someone@example.org",
    "date": "2027-06-30",
}
NAMED = {
    "what": "commitment:{active}",
    "successor": "{reported}",
    "source_url": "https://example.org/report",
    "source_date": "2025-05",
    "slug": "newly-made",
    "area": "",
    "number": "2",
}
"""What is typed into a field: by its name, else by its kind."""
FORMS = "main :is(form#form, form[novalidate]:not([data-passkey]))"


def looked_at(page: Page) -> None:
    """What every page must be, in the state in which it is."""
    assert looking.barriers(page) == [], page.url
    assert not looking.is_wider_than_the_window(page), page.url


def send_the_form(page: Page) -> bool:
    """Push the main button of the page's own form, which leads to what is to be mended, or to a preview."""
    button = page.locator(f"{FORMS} .actions button")
    if not button.count():
        return False
    button.first.click()
    return True


def fill_in(page: Page, things: dict[str, str]) -> None:
    """Something in every field that is empty, and the first of each choice."""
    for field in page.locator(f"{FORMS} :is(textarea, input):visible").all():
        kind, name = field.get_attribute("type") or "text", field.get_attribute("name") or ""
        if kind in SKETCH and not field.input_value():
            field.fill(NAMED.get(name, SKETCH[kind]).format_map(things))
    for group in page.locator(f"{FORMS} fieldset:has(> .choice input:visible)").all():
        if not group.locator("input:checked").count():
            group.locator(".choice input").first.check()
    for picks in page.locator(f"{FORMS} select:visible").all():
        if not picks.input_value():
            picks.select_option(index=1)


def test_every_route_of_the_desk_is_opened_or_is_no_page() -> None:
    routes = {one.name for one in urlpatterns if isinstance(one, URLPattern)}
    opened = {name.partition(":")[0] for pages in BY_SEAT.values() for name in pages}
    assert routes == opened | NO_PAGES | ELSEWHERE
    assert not opened & (NO_PAGES | ELSEWHERE)


@pytest.mark.parametrize("name", BY_SEAT)
def test_pages_forms_faults_and_previews_keep_nobody_out_and_fit(desk: Desk, name: str) -> None:
    things = desk.things["looking"]
    with desk.seat(name, (SMALLEST, True)) as one:
        page = one.reader.page
        for path in BY_SEAT[name].values():
            one.reader.visit("/desk/" + path.format_map(things))
            assert not looking.is_wider_than_the_window(page), path
            if not send_the_form(page):
                looked_at(page)
                continue
            looked_at(page)  # the form again, with what is to be mended; else its preview
            fill_in(page, things)
            if send_the_form(page):
                looked_at(page)


def test_the_door_keeps_nobody_out_in_any_state(desk: Desk) -> None:
    with desk.window((SMALLEST, True), "newcomer") as one:
        page = one.reader.page
        one.reader.visit("/desk/")
        looked_at(page)
        one.push("Go on")
        looked_at(page)
        one.sign_in_by_password()
        looked_at(page)
        one.push("Send me a code")
        looked_at(page)


def test_letters_with_codes_keep_nobody_out_and_fit(desk: Desk) -> None:
    with desk.seat("convenor", (WIDE, True)) as one:
        page = one.reader.page
        one.reader.visit(f"/desk/{HOME}codes/")
        page.locator("main form input[name=number]").fill("2")
        for legend in page.locator("main form fieldset:has(input[type=radio])").all():
            legend.locator("input[type=radio]").first.check()
        page.locator("main form .actions button").first.click()
        looked_at(page)
        assert page.locator("svg").count() == 2
        one.reader.resize(SMALLEST)
        assert not looking.is_wider_than_the_window(page)
