#!/usr/bin/env python3
"""A list as a file that a spreadsheet opens, fetched only when something has changed.

    python3 pull_to_spreadsheet.py http://127.0.0.1:8000 commitments late.csv standing=late theme=be-there

Lists: commitments, recommendations, updates, challenges, organisations, teams, themes, areas, events. Filters are those
of the reference (http://127.0.0.1:8000/api/v1/docs/). Needs Python 3.9 or newer and nothing else.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

USER_AGENT = "spreadsheet-pull/1 (desk@example.org)"  # say who you are


def pull(address, etag):
    """The table at an address and its ETag; None where it is still what `etag` stands for."""
    headers = {"User-Agent": USER_AGENT, **({"If-None-Match": etag} if etag else {})}
    request = urllib.request.Request(address, headers=headers)
    while True:
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.read(), answer.headers["ETag"]
        except urllib.error.HTTPError as refusal:
            if refusal.code == 304:
                return None, etag
            if refusal.code not in (429, 503):
                sys.exit(json.load(refusal)["detail"])
            time.sleep(int(refusal.headers.get("Retry-After", "60")))


def main(base, name, target, *filters):
    """Fetch the list into `target`, and keep its ETag beside it, in `target.etag`."""
    query = urllib.parse.urlencode([one.partition("=")[::2] for one in filters])
    address = f"{base.rstrip('/')}/api/v1/{name}.csv" + (f"?{query}" if query else "")
    beside = target + ".etag"
    known = ""
    if os.path.exists(target) and os.path.exists(beside):
        with open(beside, encoding="utf-8") as file:
            known_address, _, known_etag = file.read().partition("\n")
        known = known_etag if known_address == address else ""  # other filters, another table
    table, etag = pull(address, known)
    if table is None:
        print(f"{target} is as it was.")
        return
    with open(target + ".part", "wb") as file:
        file.write(b"\xef\xbb\xbf" + table)  # this mark tells Excel that the text is UTF-8
    os.replace(target + ".part", target)  # never half a file
    with open(beside, "w", encoding="utf-8") as file:
        file.write(f"{address}\n{etag}")
    print(f"{target} is new.")


if __name__ == "__main__":
    if len(sys.argv) < 4 or not all("=" in one for one in sys.argv[4:]):
        sys.exit(__doc__)
    main(*sys.argv[1:])
