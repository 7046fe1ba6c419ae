"""One person, one voice: the many spellings of one mailbox are one address.

As e-petition services do it: what mail providers themselves ignore, we ignore, as far as they say so in their own help
pages. A tag after `+` is dropped everywhere; dots, dashes and names before a domain only where the provider drops them.
"""

import unicodedata

PLUS, DASH = "+", "-"
SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.com",
    "yandex.ru": "yandex.com",
}
MEANINGLESS = {"gmail.com": ".", "proton.me": "._-"}
"""Signs within a name that a provider does not look at."""
TAGGED_BY_DASH = frozenset({"yahoo.com", "yahoo.co.uk", "ymail.com", "rocketmail.com"})
TAGGED_BEFORE_DOMAIN = frozenset({"fastmail.com", "fastmail.fm"})
"""`tag@name.fastmail.com` is delivered to `name@fastmail.com`."""


def mailbox(address: str) -> str:
    """The address as its provider delivers it, for telling people apart and for nothing else (never to write to)."""
    name, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    domain = _ascii(domain.rstrip("."))
    domain = SAME_DOMAIN.get(domain, domain)
    first, _, rest = domain.partition(".")
    if rest in TAGGED_BEFORE_DOMAIN:
        name, domain = first, rest
    return f"{_delivered(name, domain)}@{domain}"


def _delivered(name: str, domain: str) -> str:
    """The name without what its provider does not look at."""
    name = _untagged(name, PLUS)
    if domain in TAGGED_BY_DASH:
        name = _untagged(name, DASH)
    bare = name.translate(str.maketrans("", "", MEANINGLESS.get(domain, "")))
    return bare or name


def _untagged(name: str, mark: str) -> str:
    """The name before the mark, unless nothing stands there."""
    return name.partition(mark)[0] or name


def _ascii(domain: str) -> str:
    """`münchen.example` and `xn--mnchen-3ya.example` are one domain."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
