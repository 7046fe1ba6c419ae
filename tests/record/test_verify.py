"""The strangers' verifier: every published vector, every size up to 130, no bit turned, no other spelling."""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from record import verify
from tests.record.copies import KEY, VKEY, kept, leaf, note
from tests.record.test_tree_arithmetic import (
    LARGEST,
    LEAVES,
    VECTORS,
    consistency,
    defined,
    hashes,
    inclusion,
    probes,
    turned,
)

TOOLS = [Path("record") / name for name in ("verify.py", "unwritten.py", "monitor.py")]
NOTES = VECTORS / "notes"
# RFC 8032, 7.1: public key, message, signature of TEST 1 and TEST 2.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


def is_refused(do: Any, *args: Any) -> bool:
    """Whether a check raises."""
    try:
        do(*args)
    except ValueError:
        return True
    return False


def published(name: str) -> str:
    """One of the published notes."""
    if not NOTES.is_dir():
        pytest.skip("the published notes are not beside this project")
    return (NOTES / name).read_text()


def test_the_signatures_of_rfc_8032_hold_and_no_bit_of_them_may_differ() -> None:
    for public, message, signature in RFC_8032:
        key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
        verify.check_signature(key, said, signed)
        for bit in range(0, 512, 7):
            other = bytearray(signed)
            other[bit // 8] ^= 1 << bit % 8
            assert is_refused(verify.check_signature, key, said, bytes(other))


def test_signatures_by_another_library_hold() -> None:
    for number in range(8):
        secret = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([number])).digest())
        said = bytes(range(number * 20))
        public = secret.public_key().public_bytes_raw()
        verify.check_signature(public, said, secret.sign(said))
        assert is_refused(verify.check_signature, public, said + b"!", secret.sign(said))


def test_a_signature_has_one_spelling() -> None:
    public, message, signature = (bytes.fromhex(part) for part in RFC_8032[0])
    s = int.from_bytes(signature[32:], "little")
    doubled = signature[:32] + (s + verify.L).to_bytes(32, "little")
    assert is_refused(verify.check_signature, public, message, doubled)
    for y in (verify.P, verify.P + 1, 2**255 - 1):
        assert is_refused(verify.point_of, y.to_bytes(32, "little"))
    assert is_refused(verify.point_of, (1 | 1 << 255).to_bytes(32, "little"))
    assert is_refused(verify.check_signature, public, message, signature + b"\0")


def test_the_two_real_checkpoints_and_the_example_hold() -> None:
    vkeys = published("vkeys.txt").split()
    for name, size in [("sumdb-2023-15081221.note", 15081221), ("sumdb-2026-63096908.note", 63096908)]:
        real = published(name)
        assert verify.checkpoint(real, vkeys[0], [], 0, "go.sum database tree")[0] == size
        assert is_refused(
            verify.checkpoint, real.replace(str(size), str(size + 1)), vkeys[0], [], 0, "go.sum database tree"
        )
        assert is_refused(verify.checkpoint, real, vkeys[0], [])
    body, signed = verify.signers(published("c2sp-example.note"), [vkeys[1]])
    assert body == "This is an example message."
    assert list(signed) == ["example.com/foo"]


def test_the_published_inclusion_and_consistency_probes_are_judged_as_published() -> None:
    found = [probes("inclusion"), probes("consistency")]
    assert [len(cases) for cases in found] == [98, 98]
    for case in found[0]:
        leaf_hash, root = hashes([case["leafHash"] or "", case["root"] or ""])
        asked = (case["leafIdx"], case["treeSize"], leaf_hash, hashes(case["proof"]), root)
        assert is_refused(verify.check_inclusion, *asked) == case["wantErr"], case["desc"]
    for case in found[1]:
        first, second = hashes([case["root1"] or "", case["root2"] or ""])
        grown = (case["size1"], case["size2"], hashes(case["proof"]), first, second)
        assert is_refused(verify.check_consistency, *grown) == case["wantErr"], case["desc"]


def test_every_pair_of_sizes_up_to_130_is_proved() -> None:
    leaves = [verify.sha256(b"\0", one) for one in LEAVES]
    for new in range(1, LARGEST + 1):
        assert verify.root_of(leaves[:new]) == defined(0, new)
        for old in range(1, new + 1):
            verify.check_consistency(old, new, consistency(old, new), defined(0, old), defined(0, new))
            verify.check_inclusion(old - 1, new, leaves[old - 1], inclusion(old - 1, new), defined(0, new))


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 13), (64, 130), (65, 130)])
def test_no_bit_of_a_proof_may_differ(old: int, new: int) -> None:
    proof = consistency(old, new)
    for bit in range(256 * (len(proof) + 2)):
        first, second, *rest = turned([defined(0, old), defined(0, new), *proof], bit)
        assert is_refused(verify.check_consistency, old, new, rest, first, second)
    proof = inclusion(old, new)
    for bit in range(256 * (len(proof) + 2)):
        first, second, *rest = turned([verify.sha256(b"\0", LEAVES[old]), defined(0, new), *proof], bit)
        assert is_refused(verify.check_inclusion, old, new, first, rest, second)


def test_the_key_is_the_only_one_that_signs() -> None:
    signed = note([leaf(1)])
    assert verify.checkpoint(signed, VKEY, [])[0] == 1
    other = type(KEY)(KEY.name, bytes(32))
    for wrong in (
        note([leaf(1)], other),
        signed.replace("\n1\n", "\n2\n"),
        signed.replace("\n1\n", "\n01\n"),
        "",
        signed[:-1],
    ):
        assert is_refused(verify.checkpoint, wrong, VKEY, [])
    assert is_refused(verify.checkpoint, signed, VKEY[:-2] + "A=", [])
    assert is_refused(verify.checkpoint, signed, VKEY, [], 1)


def test_a_copy_holds_as_a_folder_and_as_a_zip_with_old_states(tmp_path: Path) -> None:
    leaves = [leaf(position) for position in range(1, 601)]
    copy, old = kept(tmp_path / "copy", leaves), tmp_path / "old"
    old.write_text(note(leaves[:300]))
    assert "600 entries, 0 words and 2 states hold." in asked(VKEY, "copy", copy, old)
    with zipfile.ZipFile(tmp_path / "copy.zip", "w") as packed:
        for file in copy.rglob("*"):
            packed.write(file, file.relative_to(copy).as_posix())
    assert "600 entries" in asked(VKEY, "copy", tmp_path / "copy.zip", old)
    old.write_text(note([*leaves[:299], leaf(300, occurred_on="2026-01-01")]))
    assert "fork" in asked(VKEY, "copy", copy, old, code=1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda leaves: [*leaves[:2], leaf(3, actor="somebody"), *leaves[3:]],
        lambda leaves: leaves[:-1],
        lambda leaves: [leaves[1], leaves[0], *leaves[2:]],
        lambda leaves: [*leaves, leaf(6)],
    ],
    ids=["edited", "truncated", "re-ordered", "more than was signed"],
)
def test_a_spoilt_copy_does_not_hold(spoil: Any, tmp_path: Path) -> None:
    leaves = [leaf(position) for position in range(1, 6)]
    copy = kept(tmp_path, spoil(leaves))
    (copy / "checkpoint").write_text(note(leaves))
    assert "DOES NOT HOLD" in asked(VKEY, "copy", copy, code=1)


@pytest.mark.parametrize(
    "leaves",
    [
        [leaf(1), leaf(1)],
        [leaf(1), leaf(2, at="2026-05-01T00:00:00.000000Z")],
        [leaf(2), leaf(1)],
    ],
    ids=["twice", "back-dated", "re-ordered"],
)
def test_a_signature_does_not_heal_a_record_out_of_order(leaves: list[bytes], tmp_path: Path) -> None:
    assert "DOES NOT HOLD" in asked(VKEY, "copy", kept(tmp_path, leaves), code=1)


def test_words_open_the_hash_that_the_entry_holds(tmp_path: Path) -> None:
    salt = bytes(16)
    hashed = hashlib.sha256(salt + "Straße".encode()).hexdigest()
    copy = kept(tmp_path, [leaf(1, words={"title": hashed})])
    row = {"position": 1, "name": "title", "text": "Straße", "salt": salt.hex()}
    for text, code in [("Straße", 0), ("Strasse", 1)]:
        (copy / "words.ndjson").write_text(json.dumps({**row, "text": text}) + "\n")
        asked(VKEY, "copy", copy, code=code)


def test_the_beginning_of_words_is_not_passed_off_as_the_end_of_their_salt(tmp_path: Path) -> None:
    salt, text = bytes(16), "Not done, and late"
    copy = kept(tmp_path, [leaf(1, words={"body": hashlib.sha256(salt + text.encode()).hexdigest()})])
    for cut, code in [(0, 0), (4, 1), (9, 1)]:
        longer = salt + text[:cut].encode()
        row = {"position": 1, "name": "body", "text": text[cut:], "salt": longer.hex()}
        (copy / "words.ndjson").write_text(json.dumps(row) + "\n")
        asked(VKEY, "copy", copy, code=code)


def test_numbers_and_strings_are_spelt_as_rfc_8785_has_them() -> None:
    numbers = [0.00005, -0.0000512, 1.5e-6, 9.99e-6, 1e-7, 2.5e-9, 1e-12, 0.0001, 51.58, -0.25, 3, 0]
    strings = ["5e-05", 'a "1e-07" b', "\\", '\\"5e-06', "é\n5e-05,", ""]
    values: list[Any] = [*numbers, *strings, {"b": numbers, "a": [strings, None, True]}]
    for value in values:
        assert verify.canonical(value) == rfc8785.dumps(value)


def test_an_event_is_proved_by_its_proof_alone_and_as_it_is_shown(tmp_path: Path) -> None:
    salt = bytes(16)
    words = {"title": hashlib.sha256(salt + b"Patrols").hexdigest()}
    leaves = [leaf(position, words=words) for position in range(1, 8)]
    body = json.loads(leaves[4])
    event = {name: body[name] for name in body if name not in ("v", "facts", "words")}
    event |= {
        "at": "2026-06-01T12:00:05Z",
        "body": body,
        "words": {"title": "Patrols"},
        "salts": {"title": salt.hex()},
    }
    level = [verify.sha256(b"\0", one) for one in leaves]
    path = [level[5], verify.root_of(level[6:7]), verify.root_of(level[:4])]
    lines = ["c2sp.org/tlog-proof@v1", "index 4", *(b64encode(one).decode() for one in path), ""]
    proof, shown = tmp_path / "five.tlog-proof", tmp_path / "five.json"
    proof.write_text("\n".join(lines) + "\n" + note(leaves))
    changes: list[tuple[dict[str, Any], int]] = [
        ({}, 0),
        ({"words": {"title": None}}, 0),
        ({"words": {"title": "Parties"}}, 1),
        ({"words": {"body": "Patrols"}}, 1),
        ({"actor": "team:other"}, 1),
        ({"occurred_on": "2026-05-01"}, 1),
        ({"at": "2026-05-01T12:00:05Z"}, 1),
        ({"assembly": "othertown-2025"}, 1),
        ({"invented": True}, 1),
        ({"body": {**body, "actor": "team:other"}}, 1),
        ({"position": 4}, 1),
    ]
    for change, code in changes:
        shown.write_text(json.dumps({**event, **change}))
        asked(VKEY, "proof", proof, shown, code=code)


def test_growth_is_shown_by_a_consistency_proof(tmp_path: Path) -> None:
    leaves = [leaf(position) for position in range(1, 8)]
    level = [verify.sha256(b"\0", one) for one in leaves]
    (tmp_path / "old").write_text(note(leaves[:4]))
    (tmp_path / "new").write_text(note(leaves))
    (tmp_path / "proof").write_text(json.dumps({"proof": [b64encode(verify.root_of(level[4:])).decode()]}))
    files = [tmp_path / name for name in ("old", "new", "proof")]
    assert "4 entries" in asked(VKEY, "grown", *files)
    asked(VKEY, "grown", files[1], files[0], files[2], code=1)
    (tmp_path / "old").write_text(note([*leaves[:3], leaf(4, actor="x")]))
    asked(VKEY, "grown", *files, code=1)


def test_strangers_need_nothing_but_python_3_9_and_250_lines() -> None:
    assert len(TOOLS[0].read_text().splitlines()) <= 250
    for file in filter(Path.exists, TOOLS):
        parsed = ast.parse(file.read_text(), feature_version=(3, 9))
        imported = {
            name
            for node in ast.walk(parsed)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            )
        }
        assert {str(name).split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "record"}
        assert not any(isinstance(node, ast.Match) for node in ast.walk(parsed))


def test_it_runs_on_an_old_python_where_there_is_one(tmp_path: Path) -> None:
    old = next(
        (found for name in ("python3.9", "python3.10") if (found := shutil.which(name)) and runs(found)), None
    )
    if old is None:
        pytest.skip("no Python 3.9 or 3.10 is here")
    copy = kept(tmp_path, [leaf(position) for position in range(1, 300)])
    assert "299 entries" in asked(VKEY, "copy", copy, python=old)


def runs(python: str) -> bool:
    """Whether a Python that is named is there."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def asked(*arguments: object, code: int = 0, python: str = sys.executable) -> str:
    """What verify.py says on the command line; it ends with `code`."""
    words = [python, str(TOOLS[0]), *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_base64_has_one_spelling() -> None:
    for text in ("AA", "AB==", "AA==\n", " AA=="):
        assert is_refused(verify.unpacked, text)
    assert verify.unpacked("AA==") == b64decode("AA==")
