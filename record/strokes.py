"""Verbs that write with one statement, appended to nothing: it is a transaction by itself, so they begin none."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from record.guarded import opened

P = ParamSpec("P")
R = TypeVar("R")


def stroke(verb: Callable[P, R]) -> Callable[P, R]:
    """Run `verb` with the guarded models open, and no longer locked than its one statement takes.

    For what is no public fact and so has no entry; whatever must happen together with something else is an `@action`.
    """

    @functools.wraps(verb)
    def striking(*args: P.args, **kwargs: P.kwargs) -> R:
        with opened():
            return verb(*args, **kwargs)

    return striking
