"""The views that write: read the body strictly, check who and which version, call one action, answer.

Each is a mixin beside `PublicList`, `PublicDetail` or `Machine`. A view says the form of the body, the
scope that a key needs, and in `on_post` (`on_patch`, …) which action to call; the action itself checks who
may and whether it is time.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request

from api.http import authentication, caching, idempotency
from api.http.answers import JSON, empty_answer, json_answer
from api.http.errors import Problem
from api.http.inputs import StrictSerializer, checked
from api.http.promises import Promise
from api.http.views import Machine, Output, Shape

REQUIRED = "required"
OPTIONAL = "optional"
NEVER = ""


@dataclass(frozen=True)
class Done:
    """What an action led to: the body of the answer, and the object whose version the ETag carries.

    `body` None is an empty 204; `status` is what the view promises unless said. `location` is the address of what
    was made or changed (the body's `url` unless said).
    """

    body: Shape | None = None
    row: Any = None
    status: int = 0
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the thing is to be read."""
        return self.location or str((self.body or {}).get("url") or "")


class Writes(Machine):
    """What all writing has in common."""

    scope: ClassVar[str]
    """The scope that a key needs, from `accounts.keys.SCOPES`."""
    one_action: ClassVar[bool] = False
    """Whether a write is one action and nothing besides, whose own transaction will do: no version is matched in it."""

    def target(self) -> Any:
        """The row whose version If-Match is compared with, locked: `found(qs.select_for_update(of=("self",)), …)`.

        Called inside the transaction, only where If-Match is sent or required. None: If-Match has no
        meaning here.
        """
        return None

    def write(
        self,
        form: type[StrictSerializer] | None,
        act: Callable[[dict[str, Any]], Done],
        *,
        if_match: str,
        status: int = 200,
        secrets: tuple[str, ...] | None = None,
    ) -> HttpResponse:
        """One write from end to end. `secrets` None: not a POST, so an Idempotency-Key has no meaning."""
        user = self.by
        authentication.check_scope(self.request, self.scope)
        self.check_parameters()
        header = self.request.META.get("HTTP_IF_MATCH")
        if if_match == REQUIRED and header is None:
            raise caching.missing_if_match()
        if if_match and header is not None and not header.strip():
            raise Problem(
                400, "malformed_if_match", "If-Match is blank; send an ETag or `*`, or leave it out."
            )
        sent = self.sent()
        data = checked(form or StrictSerializer, sent)

        def answering() -> HttpResponse:
            if if_match and header:
                self._check_version()
            return self._answer(act(data), status)

        if secrets is None:
            with nullcontext() if self.one_action else transaction.atomic():
                return answering()
        return idempotency.once(self.request._request, user, sent, answering, secrets)

    def sent(self) -> Any:
        """The body as it was sent, parsed."""
        return self.request.data

    def _check_version(self) -> None:
        row = self.target()
        if row is None:
            raise Problem(
                400, "if_match_without_meaning", "Nothing here has a version to match; leave If-Match out."
            )
        caching.check_if_match(self.request._request, row)

    def _answer(self, done: Done, usual: int) -> HttpResponse:
        status = done.status or usual
        headers = dict(done.headers)
        if status == 201 and done.address:
            headers["Location"] = done.address
        if done.row is not None and done.body is not None:
            headers["ETag"] = self._tag(done)
        if done.body is None:
            return empty_answer(headers)
        return json_answer(done.body, status, headers)

    def _tag(self, done: Done) -> str:
        """The ETag that a reader of the thing's own address gets now."""
        path = urlsplit(done.address).path or self.request.path
        return caching.edition().tag(caching.version_of(done.row), "json", self.base + path)


class Posts(Writes):
    """POST. Say `post_input`, `post_output`, `scope` and `on_post(data)`; `post_status` is 201 unless said."""

    post_input: ClassVar[type[StrictSerializer] | None] = None
    post_output: ClassVar[Output | None] = None
    post_status: ClassVar[int] = 201
    post_if_match: ClassVar[str] = NEVER
    post_form: ClassVar[str] = JSON
    secrets: ClassVar[tuple[str, ...]] = ()
    """Members of the answer that are shown once: a replay gives null for them."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Call the action with `by=self.by, today=self.today`."""
        raise NotImplementedError

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, once for each Idempotency-Key."""
        return self.write(
            self.post_input,
            self.on_post,
            if_match=self.post_if_match,
            status=self.post_status,
            secrets=self.secrets,
        )

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """POST."""
        own = _promise(cls, cls.post_output, cls.post_input, cls.post_status, cls.post_if_match)
        own = replace(own, body_form=cls.post_form)
        return {**super().promises(), "POST": own}


class Patches(Writes):
    """PATCH, with If-Match. Say `patch_input`, `patch_output`, `scope`, `target()` and `on_patch(data)`."""

    patch_input: ClassVar[type[StrictSerializer]]
    patch_output: ClassVar[Output]
    patch_if_match: ClassVar[str] = REQUIRED

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Call the action; `data` holds only what was sent."""
        raise NotImplementedError

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change it."""
        return self.write(self.patch_input, self.on_patch, if_match=self.patch_if_match)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """PATCH."""
        own = _promise(cls, cls.patch_output, cls.patch_input, 200, cls.patch_if_match)
        return {**super().promises(), "PATCH": own}


class Puts(Writes):
    """PUT, with If-Match unless it is one's own. Say `put_input`, `put_output`, `scope` and `on_put(data)`."""

    put_input: ClassVar[type[StrictSerializer]]
    put_output: ClassVar[Output]
    put_if_match: ClassVar[str] = REQUIRED

    def on_put(self, data: dict[str, Any]) -> Done:
        """Call the action."""
        raise NotImplementedError

    def put(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set it."""
        return self.write(self.put_input, self.on_put, if_match=self.put_if_match)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """PUT."""
        own = _promise(cls, cls.put_output, cls.put_input, 200, cls.put_if_match)
        return {**super().promises(), "PUT": own}


class Deletes(Writes):
    """DELETE, with If-Match unless it is one's own; answers 204. Say `scope`, `target()` and `on_delete()`."""

    delete_if_match: ClassVar[str] = REQUIRED

    def on_delete(self) -> None:
        """Call the action."""
        raise NotImplementedError

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away."""

        def act(data: dict[str, Any]) -> Done:
            self.on_delete()
            return Done()

        return self.write(None, act, if_match=self.delete_if_match)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """DELETE."""
        own = _promise(cls, None, None, 204, cls.delete_if_match)
        return {**super().promises(), "DELETE": own}


def _promise(
    cls: type[Writes], output: Output | None, body: type[StrictSerializer] | None, status: int, if_match: str
) -> Promise:
    return Promise(
        output,
        body=body,
        status=status if output else 204,
        if_match=if_match,
        scope=cls.scope,
        signed_in=True,
        versioned=output is not None,
    )
