"""Why words are held, hidden or erased, as the desk says it."""

from django.utils.translation import gettext_lazy as _

HIDING = {
    "personal_data": _("they say who somebody is, or how to reach them"),
    "abuse": _("they abuse or threaten somebody"),
    "unlawful": _("they may break the law"),
    "off_topic": _("they say nothing of what they are about"),
}
HOLDING = {
    "live_case": _("a case is live"),
    "safety": _("somebody’s safety"),
    "court_order": _("a court has ordered it"),
}
ERASING = {
    "data_protection": _("a right to erasure under data protection law"),
    "anonymity": _("anonymity that the law gives for life, or to a child"),
    "court_order": _("a court has ordered it"),
    "defamation": _("defamation"),
}
SORTS = {
    "identity": _("who somebody is"),
    "contact": _("how or where to reach somebody"),
    "victim": _("words about a victim or witness"),
    "allegation": _("an allegation about somebody"),
    "special": _("health, belief, ethnicity, orientation or the like"),
    "other": _("other words"),
}
