"""One person, one voice: the many spellings of one mailbox are one address.

As e-petition services do it: what mail providers themselves ignore, we ignore. A tag after `+` is dropped everywhere,
dots only where the provider says that they mean nothing.
"""

PLUS, DASH = "+", "-"
SAME_DOMAIN = {"googlemail.com": "gmail.com", "pm.me": "proton.me", "protonmail.com": "proton.me"}
DOTS_IGNORED = frozenset({"gmail.com"})
TAGGED_BY_DASH = frozenset({"yahoo.com", "yahoo.co.uk", "ymail.com", "rocketmail.com"})


def mailbox(address: str) -> str:
    """The address as its provider delivers it, for telling people apart and for nothing else (never to write to)."""
    name, _, domain = address.strip().lower().rpartition("@")
    domain = _ascii(domain.rstrip("."))
    domain = SAME_DOMAIN.get(domain, domain)
    name = _untagged(name, PLUS)
    if domain in TAGGED_BY_DASH:
        name = _untagged(name, DASH)
    if domain in DOTS_IGNORED:
        name = name.replace(".", "")
    return f"{name}@{domain}"


def _untagged(name: str, mark: str) -> str:
    """The name before the mark, unless nothing stands there."""
    return name.partition(mark)[0] or name


def _ascii(domain: str) -> str:
    """`münchen.example` and `xn--mnchen-3ya.example` are one domain."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
