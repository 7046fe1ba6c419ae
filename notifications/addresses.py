"""Which addresses webhooks may go to: what is written is judged strictly, then every address that it stands for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

LONGEST = 500
LONGEST_NAME, LONGEST_LABEL = 253, 63
HTTPS = 443
WRITTEN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[::1\])(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
INNER_NAMES = frozenset({"localhost", "local", "internal", "arpa", "onion", "invalid", "lan", "home", "corp"})

# Of IPv6 what is given out to the world is 2000::/3: all that maps, embeds or translates other addresses is outside.
WORLD = IPv6Network("2000::/3")
NEVER = tuple(
    ip_network(one)
    for one in (
        "2001::/23",  # protocols: Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: leads to any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.175.48.0/24",
        "168.63.129.16/32",  # what a large cloud tells its machines, at an address that looks public
    )
)


class NotReached(Exception):
    """No answer was had from there; `code` says why, and is safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address as it was judged: `near` is this machine, which development alone may call."""

    scheme: str
    host: str
    port: int
    path: str
    near: bool = False

    @property
    def named(self) -> str:
        """The Host header."""
        usual = self.port == (HTTPS if self.scheme == "https" else 80)
        return self.host if usual else f"{self.host}:{self.port}"


def read(url: str) -> Target:
    """What an address says. Raises NotReached for what is not plainly an https address of a public name."""
    found = WRITTEN.fullmatch(url) if len(url) <= LONGEST else None
    if found is None:
        raise NotReached("not_an_address")
    host, scheme = found["host"].lower(), found["scheme"]
    near = host in THIS_MACHINE and settings.WEBHOOKS_TO_THIS_MACHINE
    port = int(found["port"] or (HTTPS if scheme == "https" else 80))
    if not near:
        _check_far(scheme, host, port)
    elif port > 65535:
        raise NotReached("port")
    return Target(scheme, host, port, (found["path"] or "/") + (found["query"] or ""), near=near)


def _check_far(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise NotReached("not_https")
    if port != HTTPS and port not in settings.WEBHOOK_PORTS:
        raise NotReached("port")
    labels = host.split(".")
    if len(host) > LONGEST_NAME or len(labels) < 2 or not all(_is_label(one) for one in labels):
        raise NotReached("not_a_public_name")
    if labels[-1] in INNER_NAMES or NUMBER.fullmatch(labels[-1]):
        raise NotReached("not_a_public_name")


def _is_label(label: str) -> bool:
    if not LABEL.fullmatch(label) or len(label) > LONGEST_LABEL:
        return False
    if label[2:4] != "--":
        return True
    try:
        return label.startswith("xn--") and not label.encode().decode("idna").isascii()
    except UnicodeError:
        return False


def check_all(addresses: Iterable[str], target: Target) -> list[str]:
    """The addresses that a name stands for, if every one of them may be called. Raises NotReached."""
    judged = list(dict.fromkeys(addresses))
    if not judged:
        raise NotReached("unknown_name")
    allowed = _is_this_machine if target.near else is_public
    if not all(allowed(one) for one in judged):
        raise NotReached("address_not_allowed")
    return judged


def is_public(address: str) -> bool:
    """Whether it is an ordinary address of the world: not inner, special, shared, translated, or refused by us."""
    try:
        one = ip_address(address)
    except ValueError:
        return False
    return _is_ordinary(one) and not any(one in each for each in _refused() if each.version == one.version)


def _is_ordinary(one: IPv4Address | IPv6Address) -> bool:
    if isinstance(one, IPv6Address) and (one not in WORLD or one.scope_id):
        return False
    return one.is_global and not (one.is_multicast or one.is_reserved or one.is_unspecified)


def _refused() -> tuple[IPv4Network | IPv6Network, ...]:
    return NEVER + tuple(ip_network(one, strict=False) for one in settings.WEBHOOK_REFUSED_NETWORKS)


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
