"""Every refusal of following, each with a stable code and a sentence that says who can mend it."""

from record.refusals import Gone, Invalid


class LinkGone(Gone):
    """A link from a mail that is no longer good."""

    code = "link_gone"
    sentence = "This link is no longer good; ask for a new one with your address, at the page where you follow things."


class TopicOrList(Invalid):
    """Neither a topic nor a list was named, or both."""

    code = "topic_or_list"
    sentence = "Give either a topic or a list."


class AddressOrTelephone(Invalid):
    """Neither an address nor a number was given, or both."""

    code = "address_or_telephone"
    sentence = "Give either a mail address or a telephone number."


class NoTexts(Invalid):
    """This place sends no texts."""

    code = "no_texts"
    sentence = "No texts are sent from here; give a mail address, or read a feed (feeds/)."


class UnknownZone(Invalid):
    """No time zone has this name."""

    code = "unknown_zone"
    sentence = "There is no such time zone; give one such as Europe/London."


class UnknownTopic(Invalid):
    """What was to be followed is not there."""

    code = "unknown_topic"
    sentence = "{topic} is nothing that can be followed; take what a page or the reference shows."
