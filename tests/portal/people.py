"""Somebody at a browser: fills in the forms of our pages as they stand, and finds codes in their mail."""

import re
from html.parser import HTMLParser
from typing import Any

from django.core import mail
from django.test import Client


class Form(HTMLParser):
    """The fields of the first form that has the field `needing`, with what stands in them."""

    def __init__(self, page: str, needing: str) -> None:
        super().__init__()
        self.needing = needing
        self.fields: dict[str, str] = {}
        self.open: dict[str, str] | None = None
        self.area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = {}
        if self.open is None or "name" not in given:
            return
        is_idle = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if tag == "textarea":
            self.area = given["name"]
        if tag in ("input", "textarea") and not is_idle:
            self.open[given["name"]] = given.get("value", "")
        if is_idle:
            self.open.setdefault(given["name"], "")

    def handle_data(self, data: str) -> None:
        """What stands in a field of several lines."""
        if self.area and self.open is not None:
            self.open[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        """The form that was looked for is over."""
        if tag == "textarea":
            self.area = None
        if tag == "form" and self.open is not None:
            if self.needing in self.open and not self.fields:
                self.fields = {
                    name: value for name, value in self.open.items() if value or name == self.needing
                }
            self.open = None


def browser() -> Client:
    """One that checks forged forms, as the service does, and says from where it sends them, as browsers do."""
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def fill(client: Client, page: Any, path: str, /, *, needing: str, **typed: str) -> Any:
    """Send the form of this page, with what is typed into it."""
    fields = Form(page.content.decode(), needing).fields
    assert "csrfmiddlewaretoken" in fields, needing
    return client.post(path, {**fields, **typed})


def code_in_mail() -> str:
    """The code of the newest mail, as it is written there."""
    found = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def confirm(client: Client, answer: Any, path: str, address: str) -> Any:
    """Go on from the page that asks for the address, by the code, to what comes after it."""
    answer = fill(client, answer, path, needing="address", address=address)
    return fill(client, answer, path, needing="code", code=code_in_mail())


def signed_in(address: str = "ana@example.org") -> Client:
    """A browser in which somebody signed in by a code."""
    client = browser()
    answer = fill(client, client.get("/sign-in/"), "/sign-in/", needing="address", address=address)
    answer = client.get(answer["Location"])
    answer = fill(client, answer, "/sign-in/code/", needing="code", code=code_in_mail())
    assert answer.status_code == 302, answer.content
    return client


def user_of(client: Client) -> Any:
    """Who is signed in in this browser, as our views see them."""
    return client.get("/account/").wsgi_request.user
