"""A convenor at the desk: fills in a form, sees what everybody will see, and sends it."""

from typing import Any, NamedTuple

from django.test import Client

from tests.portal.people import fill


class Sent(NamedTuple):
    """What was seen before sending, and what came of it."""

    preview: str
    answer: Any


def send(client: Client, path: str, **typed: str) -> Sent:
    """Go the whole way."""
    page = client.get(path)
    assert page.status_code == 200, page.content.decode()
    preview = fill(client, page, path, needing="once", **typed)
    assert preview.status_code == 200, preview.content.decode()
    return Sent(preview.content.decode(), fill(client, preview, path, needing="once", send="1"))


def said(answer: Any) -> str:
    """What a page says, with the signs of HTML as people read them."""
    text: str = answer.content.decode()
    return text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
