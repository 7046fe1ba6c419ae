#!/usr/bin/env python3
"""A mirror that follows `events/`: every public fact, in order, in an SQLite file of your own.

    python3 mirror.py http://127.0.0.1:8000 record.sqlite3     # again and again, from cron: it goes on where it stopped

Needs Python 3.9 or newer and nothing else. The file has one table, `event`: position, type, subject, and the whole
event as JSON. Ends with 1, and touches nothing, where the record is shorter than our copy or tells it differently.
"""

import json
import sqlite3
import sys
import time
import urllib.error
import urllib.request

USER_AGENT = "record-mirror/1 (archive@example.org)"  # say who you are
TABLE = "CREATE TABLE IF NOT EXISTS event (position INTEGER PRIMARY KEY, type TEXT, subject TEXT, told TEXT)"
KEPT = "CREATE TABLE IF NOT EXISTS kept (address TEXT PRIMARY KEY, etag TEXT)"


def ask(address, etag=""):
    """The JSON at an address, and its ETag; None where it is still what `etag` stands for."""
    request = urllib.request.Request(address, headers={"User-Agent": USER_AGENT})
    if etag:
        request.add_header("If-None-Match", etag)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer), answer.headers["ETag"]
        except urllib.error.HTTPError as refusal:
            if refusal.code == 304:  # nothing new: costs the service next to nothing
                return None, etag
            if refusal.code not in (429, 503):
                sys.exit(f"{address}: {json.load(refusal)['detail']}")
            time.sleep(int(refusal.headers.get("Retry-After", "60")))


def check(base, copy, last):
    """The last event that we have must still be there, word for word; words may have been taken out by redaction."""
    page, _ = ask(f"{base}/api/v1/events/?after={last - 1}&page_size=1")
    found = page["results"][0] if page["results"] else None
    ours = json.loads(copy.execute("SELECT told FROM event WHERE position = ?", (last,)).fetchone()[0])
    if found is None:
        sys.exit(f"The record has shrunk: we hold {last} events, and it has fewer.")
    if found["body"] != ours["body"]:
        sys.exit(f"The record was rewritten: event {last} is not what it was.")


def follow(base, copy):
    """Copy what is new, a page at a time; a copy that is interrupted goes on after its last whole page."""
    last = copy.execute("SELECT coalesce(max(position), 0) FROM event").fetchone()[0]
    address, began = f"{base}/api/v1/events/?after={last}&page_size=100", last
    known = copy.execute("SELECT etag FROM kept WHERE address = ?", (address,)).fetchone()
    page, etag = ask(address, known[0] if known else "")
    if page is not None and last:
        check(base, copy, last)
    while page is not None and page["results"]:
        for event in page["results"]:
            if event["position"] != last + 1:  # positions have no gaps
                sys.exit(f"Event {last + 1} is missing.")
            last += 1
            row = (last, event["type"], event["subject"], json.dumps(event))
            copy.execute("INSERT INTO event VALUES (?, ?, ?, ?)", row)
        copy.commit()
        address = f"{base}/api/v1/events/?after={last}&page_size=100"
        page, etag = ask(address)
    copy.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (address, etag))
    copy.commit()
    print(f"{last - began} new events; {last} in all.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with sqlite3.connect(sys.argv[2]) as mirror:
        mirror.execute(TABLE)
        mirror.execute(KEPT)
        follow(sys.argv[1].rstrip("/"), mirror)
