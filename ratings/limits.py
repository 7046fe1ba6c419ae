"""How often ratings may be cast, changed or taken back, and local codes tried: one count for the API and the portal.

Counted is every try, whatever comes of it, so that no limit tells whether somebody has rated. Who tries is known by a
digest under a key of the day alone: neither an address nor an account, nor what is rated, is kept.
"""

import hashlib
import hmac
import ipaddress
import time

from django.conf import settings
from django.http import HttpRequest

from accounts.limits import Count, Tries, client_address, count_within, limits
from accounts.models import User

DAY = 86400
WIDTHS = {4: 24, 6: 56}
"""How much of an address is a network; the rest is a household, a room or a telephone in it."""
OF_ACCOUNT = "Your account has cast or changed as many ratings as one may for now"
OF_NETWORK = (
    "As many ratings as may came from where you are; at a meeting ask who runs this service to allow more"
)
LOCAL_CODES = Tries("local-codes", person=10, network=60, window=3600)
"""Of 20^12 codes a batch of 5,000 is found once in 800 thousand million guesses (docs/privacy.md)."""


def of_account(user: User) -> tuple[Count, ...]:
    """Count one more cast of the account."""
    return _counts("ratings", settings.RATINGS_PER_ACCOUNT, f"account:{user.pk}")


def of_network(request: HttpRequest) -> tuple[Count, ...]:
    """Count one more cast of the network; how much it did is told to nobody, since that would tell of neighbours."""
    return _counts("ratings-around", settings.RATINGS_PER_NETWORK, f"network:{network_of(request)}")


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from, as wide as one organisation may be."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, WIDTHS[address.version]), strict=False))


def mark(who: str) -> str:
    """A digest of who tries, under a key that nobody can make again once the day is over and the secret is gone."""
    today = hmac.digest(
        settings.SECRET_KEY.encode(), f"casting\0{int(time.time()) // DAY}".encode(), "sha256"
    )
    return hashlib.blake2b(who.encode(), key=today, digest_size=16).hexdigest()


def _counts(name: str, words: str, who: str) -> tuple[Count, ...]:
    marked = mark(who)
    return tuple(count_within(limit, marked) for limit in limits(name, words))
