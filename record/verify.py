"""Check the public record of Said & Done without trusting whoever runs it: Python 3.9 or newer, docs/verify.md.

verify.py KEY checkpoint FILE          is this state of the record signed?
verify.py KEY proof FILE EVENT         does this event stand in the record as it is shown?
verify.py KEY grown OLD NEW PROOF      was nothing changed or dropped between two states?
verify.py KEY copy FOLDER|ZIP [OLD …]  do entries and words of a copy hold, and do old states lead to them?
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys
import zipfile
from collections.abc import Callable
from typing import Any

State = tuple[int, bytes, dict[str, int]]
P, L, WIDTH = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, 256  # entries in a bundle
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def check(holds: object, words: str) -> None:
    """Raise ValueError with these words unless it holds; so do all that are called check_… here."""
    if not holds:
        raise ValueError(words)


def add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The sum of two points of the curve, each as X, Y, Z and XY/Z (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def times(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    """A point, `factor` times."""
    rest = times(factor >> 1, add(point, point)) if factor else (0, 1, 1, 0)
    return add(rest, point) if factor & 1 else rest


def point_of(data: bytes) -> tuple[int, ...]:
    """The point that 32 bytes say, in its one canonical spelling."""
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT_OF_MINUS_1 % P
    check(y < P and (x * x - square) % P == 0 and not (x == 0 and sign), "That is not a point of the curve.")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def check_signature(key: bytes, message: bytes, signature: bytes) -> None:
    """Raise unless `signature` (64 bytes) is that of `key` (32 bytes) on `message` (RFC 8032, 5.1.7)."""
    check(len(key) == 32 and len(signature) == 64, "A key or a signature is of a wrong length.")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    s, base = int.from_bytes(signature[32:], "little"), (4 * pow(5, P - 2, P) % P).to_bytes(32, "little")
    a, b = times(s, point_of(base)), add(point_of(signature[:32]), times(k, point_of(key)))
    check(s < L and all((a[i] * b[2] - b[i] * a[2]) % P == 0 for i in (0, 1)), "A signature is false.")


def sha256(*parts: bytes) -> bytes:
    """The hash of these bytes; those of a leaf begin with 0, those of a node with 1 (RFC 9162, 2.1)."""
    return hashlib.sha256(b"".join(parts)).digest()


def unpacked(text: str, length: int = 0) -> bytes:
    """The bytes that strict base64 says, of this length unless it is 0."""
    data = base64.b64decode(text, validate=True)
    check(base64.b64encode(data).decode() == text and length in (0, len(data)), "Bad base64: " + text)
    return data


def key_of(vkey: str) -> tuple[str, bytes, int, bytes]:
    """Name, key id, kind (1 a log's, 4 a witness's) and public key of `name+id+base64` (C2SP signed-note)."""
    name, number, packed = [*vkey.strip().split("+", 2), "", ""][:3]
    data, key_id = unpacked(packed, 33), sha256(name.encode(), b"\n", unpacked(packed))[:4]
    check(key_id.hex() == number and data[0] in (1, 4), "The key is mistyped: " + vkey)
    return name, key_id, data[0], data[1:]


def signers(note: str, vkeys: list[str]) -> tuple[str, dict[str, int]]:
    """The body of a signed note, and by name who signed it of these, with a witness's time (C2SP tlog-cosignature)."""
    body, blank, lines = note.rpartition("\n\n")
    check(blank and lines.endswith("\n"), "That is not a signed note.")
    keys, signed = [key_of(vkey) for vkey in vkeys], dict[str, int]()
    for dash, name, packed in ([*line.split(" "), "", ""][:3] for line in lines[:-1].split("\n")):
        data = unpacked(packed)
        check(dash == "\u2014" and len(data) > 4, "That is not a signature: " + packed)
        for _, _, kind, key in (one for one in keys if one[:2] == (name, data[:4])):
            time = int.from_bytes(data[4:12], "big") if kind == 4 else 0
            said = (f"cosignature/v1\ntime {time}\n" if kind == 4 else "") + body + "\n"
            check_signature(key, said.encode(), data[12:] if kind == 4 else data[4:])
            signed[name] = max(time, signed.get(name, 0))
    return body, signed


def checkpoint(note: str, vkey: str, witnesses: list[str], needed: int = 0, origin: str = "") -> State:
    """Size, root and witnesses' times of a state of this origin that the log's key signed, and enough witnesses."""
    (body, signed), name = signers(note, [vkey, *witnesses]), key_of(vkey)[0]
    said, size, root = [*body.split("\n"), "", ""][:3]
    check(signed.pop(name, None) == 0 and said == (origin or name), "This is not signed by " + name)
    check(len(signed) >= needed, f"Only {len(signed)} of the {needed} witnesses needed have signed.")
    check(size.isdigit() and str(int(size)) == size, "The size is not a number.")
    return int(size), unpacked(root, 32), signed


def root_of(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes: the left part is the largest perfect subtree that leaves something on the right."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256()
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1", root_of(hashes[:cut]), root_of(hashes[cut:]))


def climb(index: int, last: int, proof: list[bytes], start: bytes) -> tuple[bytes, bytes]:
    """Climb a proof (2.1.3.2, 2.1.4.2): the root over `start` and what is left of it, and the root over all."""
    small = large = start
    for one in proof:
        check(last, "The proof is too long.")
        if index & 1 or index == last:
            small, large = sha256(b"\1", one, small), sha256(b"\1", one, large)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            large = sha256(b"\1", large, one)
        index, last = index >> 1, last >> 1
    check(not last, "The proof is too short.")
    return small, large


def check_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> None:
    """Raise unless the leaf hash stands at `index` of the tree with this size and root."""
    check(0 <= index < size and climb(index, size - 1, proof, leaf)[1] == root != b"", "Not in the record.")


def check_consistency(old: int, new: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise unless the new tree begins with the old one."""
    check(0 < old <= new, "The record has become shorter.")
    index, last = (old - 1, new - 1) if old < new else (0, 0)
    while index & 1:
        index, last = index >> 1, last >> 1
    start, rest = (proof[:1], proof[1:]) if index else ([old_root], proof)
    check(start and climb(index, last, rest, start[0]) == (old_root, new_root), "The old state is gone.")


def canonical(value: object) -> bytes:
    """The bytes of an entry (RFC 8785; names in entries are ASCII, and small numbers are spelt as it has them)."""
    return re.sub(
        r'("(?:[^"\\]|\\.)*")|(\d)\.?(\d*)e-0([56])|e-0',
        lambda one: one[1] or (one[4] and "0.0000" + "0" * (one[4] == "6") + one[2] + one[3]) or "e-",
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    ).encode()


def check_words(body: dict[str, Any], name: str, text: str | None, salt: str | None) -> None:
    """Raise unless an entry was made with these words; None stands for those that are hidden or erased."""
    data = bytes.fromhex(salt or "")  # of one length, or the first words could be passed off as its end
    opened = text is None or (sha256(data, text.encode()).hex(), len(data)) == (body["words"].get(name), 16)
    check(opened, f"Entry {body['position']} was made with other words ({name}).")


def check_event(event: dict[str, Any], leaf: bytes) -> None:
    """Raise unless an event is shown as its leaf has it, with the words that the leaf knows."""
    body = json.loads(leaf)
    shown = {name: event[name] or "" for name in body.keys() & event.keys() - {"at", "invented", "words"}}
    same = canonical({**body, **shown}) == canonical(event["body"]) == canonical(body)
    same &= (event["at"][:19], bool(event.get("invented"))) == (body["at"][:19], "invented" in body)
    check(same, f"Entry {body['position']} is shown otherwise than it was made.")
    for name, text in event["words"].items():
        check_words(body, name, text, event["salts"][name])


def leaves_of(read: Callable[[str], bytes], size: int) -> list[bytes]:
    """The first `size` entries of a copy whose files `read` gives by name (C2SP tlog-tiles)."""
    leaves: list[bytes] = []
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        path = "".join(f"x{number // part % 1000:03d}/" for part in (10**6, 10**3) if number >= part)
        data = read(f"tile/entries/{path}{number % 1000:03d}" + (f".p/{width}" if width < WIDTH else ""))
        while data:
            leaf, data = data[2 : (end := int.from_bytes(data[:2], "big") + 2)], data[end:]
            leaves.append(leaf)
    check(len(leaves) == size, f"There are {len(leaves)} entries, and should be {size}.")
    return leaves


def check_entries(leaves: list[bytes], states: list[State]) -> list[dict[str, Any]]:
    """The entries of a copy, if all states are theirs, positions have no gaps, and time never runs back."""
    hashes, entries = [sha256(b"\0", leaf) for leaf in leaves], [json.loads(leaf) for leaf in leaves]
    for size, root, _ in states:
        check(root_of(hashes[:size]) == root, f"The state of {size} entries is of another record: a fork.")
    check(all(one["position"] == at for at, one in enumerate(entries, 1)), "The positions are not in order.")
    check(all(a["at"] <= b["at"] for a, b in zip(entries, entries[1:])), "An entry is dated out of its turn.")
    return entries


def check_copy(place: str, olds: list[str], state_of: Callable[[str], State]) -> str:
    """What holds of a folder or zip, in words."""
    copy = pathlib.Path(place) if pathlib.Path(place).is_dir() else zipfile.Path(place)
    states = [state_of(note) for note in (copy.joinpath("checkpoint").read_bytes().decode(), *olds)]
    entries = check_entries(leaves_of(lambda name: copy.joinpath(name).read_bytes(), states[0][0]), states)
    words = copy.joinpath("words.ndjson")
    rows = [json.loads(line) for line in words.read_bytes().split(b"\n")[:-1]] if words.exists() else []
    for row in rows:
        check_words(entries[row["position"] - 1], row["name"], row["text"], row["salt"])
    return f"{len(entries)} entries, {len(rows)} words and {len(states)} states hold."


def check_files(what: str, files: list[str], state_of: Callable[[str], State]) -> str:
    """What holds of the files that the command line names, in words."""
    texts = [pathlib.Path(file).read_bytes().decode() for file in files[what == "copy" :]]
    if what == "copy":
        return check_copy(files[0], texts, state_of)
    if what == "proof":
        return check_proof(texts[0], json.loads(texts[1]), state_of)
    (size, root, signed), *newer = [state_of(note) for note in texts[:2]]
    for new, top, _ in newer:
        check_consistency(size, new, [unpacked(one, 32) for one in json.loads(texts[2])["proof"]], root, top)
    return f"{size} entries, signed by the record and {len(signed)} witnesses."


def check_proof(text: str, event: dict[str, Any], state_of: Callable[[str], State]) -> str:
    """What a proof (C2SP tlog-proof) shows of an event, in words."""
    top, _, note = text.partition("\n\n")
    lines, index, leaf = top.split("\n"), event["position"] - 1, canonical(event["body"])
    check(lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"], "That is no proof of this event.")
    (size, root, _), proof = state_of(note), [unpacked(line, 32) for line in lines[2:]]
    check_inclusion(index, size, sha256(b"\0", leaf), proof, root)
    check_event(event, leaf)
    return f"Entry {index + 1} of {size} stands in the record as it is shown."


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("key", help="the record's key, which you have from elsewhere than the record")
    parser.add_argument("what", choices=["checkpoint", "proof", "grown", "copy"])
    parser.add_argument("files", nargs="+", help="as above")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key; may be repeated")
    parser.add_argument("--needed", type=int, default=0, help="how many witnesses must have signed")
    given = parser.parse_args()
    ask = (given.key, given.witness, given.needed)
    try:
        sys.stdout.write(check_files(given.what, given.files, lambda note: checkpoint(note, *ask)) + "\n")
    except (ValueError, LookupError, TypeError, OSError) as error:
        sys.exit(f"DOES NOT HOLD: {error}")
