"""A full run of ten raters whose every word and number is a canary, by right ways and by wrong ones."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Ask = Callable[[str, str, bytes | None, Mapping[str, str]], tuple[int, bytes]]
"""Method, path, body and headers; the answer's status and body."""
RATERS = 10
V1 = "/api/v1"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Rater:
    """One rater: their key, and five canaries."""

    number: int
    key: str
    key_without: str
    code: str

    @property
    def address(self) -> str:
        """Their address."""
        return address_of(self.number)

    @property
    def score(self) -> int:
        """A score that no scale has."""
        return 7_310_055_000 + self.number

    @property
    def words(self) -> str:
        """Words that go with their rating."""
        return f"Cnrywords{self.number}zq was never seen here"

    @property
    def mark(self) -> str:
        """What their client sends to be recognised by, and an answer that no question has."""
        return f"cnrymark{self.number}zq"

    @property
    def canaries(self) -> set[str]:
        """What must be found nowhere."""
        letters = self.code.replace("-", "")
        return {self.address, self.code, letters, str(self.score), self.words, self.mark}


def address_of(number: int) -> str:
    """The address of a rater."""
    return f"cnryaddress{number}zq@unmistakable.example"


def run(ask: Ask, raters: list[Rater], commitment: str, theme: str) -> list[int]:
    """Redeem, rate, change and take back; and do each wrongly. The statuses of all answers."""
    statuses = []
    for rater in raters:
        statuses += [status for status, _ in _right(ask, rater, commitment, theme)]
        statuses += [status for status, _ in _wrong(ask, rater, commitment, theme)]
    return statuses


def _right(ask: Ask, rater: Rater, commitment: str, theme: str) -> list[tuple[int, bytes]]:
    headers = _headers(rater)
    communities = {"age_band": {"answer": "75_over", "consent": True}}
    said: list[tuple[str, str, Any]] = [
        ("POST", "local-codes/redeem/", {"assembly": "anytown-2025", "code": rater.code}),
        ("PUT", f"commitments/{commitment}/rating/", {"score": 2, "words": rater.words}),
        ("PUT", theme, {"score": 2, "communities": communities, "words": rater.words}),
        ("GET", f"commitments/{commitment}/rating/", None),
        ("DELETE", theme, None),
        ("PUT", theme, {"dont_know": True}),
        ("GET", "me/", None),
    ]
    return [ask(method, f"{V1}/{path}", _body(data), headers) for method, path, data in said]


def _wrong(ask: Ask, rater: Rater, commitment: str, theme: str) -> list[tuple[int, bytes]]:
    headers, rating = _headers(rater), f"{V1}/commitments/{commitment}/rating/"
    answer = {"age_band": {"answer": rater.mark, "consent": True}}
    unscoped = {**headers, "Authorization": f"Bearer {rater.key_without}"}
    stranger = {name: value for name, value in headers.items() if name != "Authorization"}
    whole = {"score": rater.score, "words": rater.words}
    redeem = f"{V1}/local-codes/redeem/"
    wrong = _body({"assembly": "anytown-2025", "code": rater.mark})
    answers = [
        ask("PUT", rating, _body(whole), headers),
        ask("PUT", rating, json.dumps(whole).encode()[:-1], headers),
        ask("PUT", rating, json.dumps(whole).encode("utf-16"), headers),
        ask("PUT", rating, _body({rater.mark: rater.score}), headers),
        ask("PUT", rating, _body({"score": rater.mark, "words": [rater.words]}), headers),
        ask("PUT", rating, _body({"score": 2, "words": rater.words * 20}), headers),
        ask("PUT", f"{V1}/{theme}", _body({"score": 2, "communities": answer}), headers),
        ask("PUT", rating, _body(whole), unscoped),
        ask("PUT", rating, _body(whole), stranger),
        ask("PUT", rating, _body(whole), {**stranger, "Authorization": f"Bearer {rater.mark}"}),
        ask("PUT", rating, _body(whole), {**headers, "Content-Type": "text/plain"}),
        ask("POST", rating, _body(whole), headers),
    ]
    return answers + [ask("POST", redeem, wrong, headers) for _ in range(10)]


def _headers(rater: Rater) -> dict[str, str]:
    own = {"Authorization": f"Bearer {rater.key}", "Idempotency-Key": rater.mark, "X-Request-ID": rater.mark}
    return {**JSON, **own, "User-Agent": rater.mark, "Referer": f"https://example.org/?{rater.mark}"}


def _body(data: Any) -> bytes | None:
    return None if data is None else json.dumps(data).encode()
