"""One round of everything that tells followers what is new; it can be run at any time, and by several at once."""

from dataclasses import dataclass

from notifications import bounces, calling, feeds, post, searches, troubles
from notifications.channels import Channel
from notifications.channels.table import channels
from notifications.composing import compose
from notifications.dispatching import dispatch, sweep
from notifications.fanout import fan_out
from notifications.following import forget_unconfirmed
from notifications.outside import Outside
from notifications.reminding import remind
from record import clock


@dataclass(frozen=True)
class Round:
    """What a round did: entries read, messages composed, messages tried."""

    read: int
    composed: int
    tried: int


def one_round() -> Round:
    """Read the record, compose what is due, send what waits, forget what is over.

    Webhooks go out also where the mails' part breaks off, and what broke it is raised after them.
    """
    now = clock.now()
    try:
        read = fan_out(searches.matches)
        remind(now)
        done = Round(read, compose(now) + post.compose(now), sum(map(send_all, channels())))
        forget_unconfirmed(now)
        sweep(now)
        bounces.sweep(now)
        post.sweep(now)
        feeds.sweep(now)
    finally:
        call_webhooks(Outside())
    return done


def call_webhooks(outside: Outside) -> int:
    """Tell endpoints what is new; how many calls were made."""
    calling.fan_out()
    made = 0
    while some := calling.deliver(outside, clock.now()):
        made += some
    troubles.tell_owners()
    calling.sweep(clock.now())
    return made


def send_all(channel: Channel) -> int:
    """Try everything of a channel that is due; how much."""
    tried = 0
    while some := dispatch(channel, clock.now()):
        tried += some
    return tried
