#!/usr/bin/env python3
"""The week's slipped dates, for a newspaper: which promises were put off, and which passed their day.

    python3 slipped_dates.py http://127.0.0.1:8000 --until 2026-04-10 --html > slipped.html

Needs Python 3.9 or newer and nothing else; no key, no account.
"""

import argparse
import html
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, timedelta

# Say who you are: whoever runs the service can then write to you rather than block you.
USER_AGENT = "slipped-dates/1 (newsdesk@example.org)"


def ask(address):
    """The JSON at an address. Where we ask too often, we are told how long to wait (Retry-After), and do."""
    request = urllib.request.Request(address, headers={"User-Agent": USER_AGENT})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code not in (429, 503):
                sys.exit(f"{address}: {json.load(refusal)['detail']}")
            time.sleep(int(refusal.headers.get("Retry-After", "60")))


def rows(base, path, **filters):
    """Every row of a list: each page names the address of the next."""
    address = f"{base}/api/v1/{path}?{urllib.parse.urlencode({**filters, 'page_size': 100})}"
    while address:
        page = ask(address)
        yield from page["results"]
        address = page["next"]


def slipped(base, since, until):
    """Headline, promise and sentence for each date that slipped after `since`, up to and on `until`."""
    end = until + timedelta(days=1)
    # Moved: the approvals of other dates, as the record tells them.
    for event in rows(base, "events/", type="due_date.approved", occurred_after=since, occurred_before=end):
        facts = event["body"]["facts"]
        promise = ask(f"{base}/api/v1/commitments/{facts['commitment']}/")
        old, new = (facts[name]["on"] or "no day" for name in ("old", "new"))
        yield "Put off", promise, f"from {old} to {new}, decided on {event['occurred_on']}"
    # Missed: the day fell into the week, and nobody has shown that it is done.
    for promise in rows(base, "commitments/", overdue="true", due_after=since, due_before=end):
        yield "Missed", promise, "was due on {on}; first promised for {first_on}".format(**promise["due"])


def main():
    """Read what is asked, print the list."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("base", help="where the record is served, as http://127.0.0.1:8000")
    options.add_argument("--until", type=date.fromisoformat, default=date.today(), help="the last day")
    options.add_argument("--days", type=int, default=7, help="how many days your week has")
    options.add_argument("--html", action="store_true", help="a list for a web page, not plain text")
    asked = options.parse_args()
    form = '<li>{}: <a href="{}">{}</a> ({}), {}</li>' if asked.html else "{0}: {2} ({3}), {4}\n  {1}"
    since = asked.until - timedelta(days=asked.days)
    found = list(slipped(asked.base.rstrip("/"), since, asked.until))
    for headline, promise, sentence in found:
        title = promise["title"] + (" [an invented example]" if promise["invented"] else "")
        parts = (headline, promise["url"], title, promise["reference"], sentence)
        print(form.format(*(html.escape(part) if asked.html else part for part in parts)))
    if not found:
        print(f"No date slipped in the {asked.days} days up to {asked.until}.")


if __name__ == "__main__":
    main()
