"""What an action still has to do when all else in it is done, as its last step and in its own transaction."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Step = Callable[[], None]

_steps: ContextVar[dict[Hashable, Step] | None] = ContextVar("last_steps", default=None)


def at_the_end(name: Hashable, step: Step) -> None:
    """Do `step` when the outermost action that runs has done all else; once for each `name`, the latest said.

    Outside an action nothing is awaited, so that nothing may be left for later: raises RuntimeError.
    """
    steps = _steps.get()
    if steps is None:
        raise RuntimeError("Only an action has an end that can be waited for.")
    steps[name] = step


@contextmanager
def ending() -> Iterator[None]:
    """Do at the end what was left for it; an action inside another leaves it to the outer one."""
    if _steps.get() is not None:
        yield
        return
    token = _steps.set({})
    try:
        yield
        for step in list((_steps.get() or {}).values()):
            step()
    finally:
        _steps.reset(token)
