"""Witnesses, and the record that asks them: both sides of C2SP tlog-witness, and what is shown of their signatures."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from record import checkpoints, notes, verify, witnesses
from record.models import Checkpoint, Cosignature
from record.notes import WITNESS, BadNote, VerifierKey
from record.proofs import BadProof, check_consistency
from record.witnesses import Answer, Witness
from tests import make, signed
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
VKEY = str(signed.KEY.verifier)


class Service:
    """A witness as the specification has it: it signs what grew from what it signed last."""

    def __init__(self, name: str = "witness.example/w1") -> None:
        self._secret = Ed25519PrivateKey.generate()
        self.key = VerifierKey(name, WITNESS, self._secret.public_key().public_bytes_raw())
        self.size, self.root, self.asked = 0, b"", 0
        self.now = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
        self.more = ""

    def __call__(self, address: str, body: bytes) -> Answer:
        """One request."""
        assert address == "https://witness.example/add-checkpoint"
        self.asked += 1
        top, _, note = body.decode().partition("\n\n")
        old_line, *lines = top.split("\n")
        state = checkpoints.checked(note, [signed.KEY.verifier])
        old = int(old_line.removeprefix("old "))
        if old > state.size:
            return Answer(400, "", b"")
        if old != self.size:
            return Answer(409, witnesses.SIZE, f"{self.size}\n".encode())
        try:
            self._check_growth(state, old, [b64decode(line) for line in lines])
        except BadProof:
            return Answer(422, "", b"")
        self.size, self.root = state.size, state.root
        return Answer(200, "text/plain", (self.more + self.line(state.text)).encode())

    def line(self, text: str) -> str:
        """Its cosignature."""
        said = f"cosignature/v1\ntime {self.now}\n{text}".encode()
        return notes.line(self.key.name, self.key.id + self.now.to_bytes(8, "big") + self._secret.sign(said))

    def witness(self) -> Witness:
        """How the record names it."""
        return Witness(self.key, "https://witness.example")

    def _check_growth(self, state: Any, old: int, proof: list[bytes]) -> None:
        if old:
            check_consistency(old, state.size, proof, self.root, state.root)
        elif proof:
            raise BadProof("the proof from nothing is empty")


@pytest.fixture
def service(settings: Any) -> Service:
    """A witness that the settings name."""
    found = Service()
    settings.RECORD_WITNESSES = [(str(found.key), "https://witness.example/")]
    return found


def newest() -> Checkpoint:
    """The newest state, with what witnesses signed."""
    found = checkpoints.latest()
    assert found is not None
    return found


def test_a_witness_signs_each_state_that_grew_from_the_last(service: Service) -> None:
    for number in range(1, 6):
        make.organisation(f"body-{number}")
        signed.now()
        assert witnesses.ask_all(service) == {"witness.example/w1": ""}
        size, _, times = verify.checkpoint(newest().cosigned, VKEY, [str(service.key)], needed=1)
        assert (size, times) == (newest().size, {"witness.example/w1": service.now})
    assert service.asked == 5


def test_one_that_signed_is_not_asked_again(service: Service) -> None:
    make.organisation()
    signed.now()
    witnesses.ask_all(service)
    witnesses.ask_all(service)
    assert service.asked == 1
    assert Cosignature.objects.count() == 1


def test_a_witness_that_knows_more_than_we_remember_says_from_where(service: Service) -> None:
    make.organisation("one")
    first = signed.now()
    service.size, service.root = first.size, bytes(first.root)
    make.organisation("two")
    signed.now()
    assert witnesses.ask_all(service) == {"witness.example/w1": ""}
    assert service.asked == 2


def test_a_witness_that_saw_more_than_there_is_tells_of_a_rollback(service: Service) -> None:
    make.organisation()
    signed.now()
    service.size = 99
    assert "recover_record" in witnesses.ask_all(service)["witness.example/w1"]


def test_another_history_is_not_signed(service: Service) -> None:
    make.organisation("one")
    first = signed.now()
    service.size, service.root = first.size, bytes(32)
    make.organisation("two")
    signed.now()
    assert "422" in witnesses.ask_all(service)["witness.example/w1"]
    assert not Cosignature.objects.exists()


def test_lines_of_strangers_and_false_ones_are_not_shown(service: Service) -> None:
    make.organisation()
    signed.now()
    stranger = Service("stranger.example")
    service.more = stranger.line("something else\n")
    assert witnesses.ask_all(service) == {"witness.example/w1": ""}
    assert "stranger" not in newest().cosigned
    make.organisation()
    signed.now()
    false = notes.line(service.key.name, service.key.id + bytes(72))
    trouble = witnesses.ask_all(lambda address, body: Answer(200, "", false.encode()))
    assert "good signature" in trouble["witness.example/w1"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, "", b""),
        Answer(200, "", b""),
        Answer(200, "", b"\xff\xfe"),
        Answer(200, "", b"x" * 70_000),
        Answer(409, witnesses.SIZE, b"-1\n"),
        Answer(409, witnesses.SIZE, "²\n".encode()),
        Answer(404, "", b""),
    ],
)
def test_whatever_a_witness_answers_ends_nothing(service: Service, answer: Answer) -> None:
    make.organisation()
    signed.now()
    assert witnesses.ask_all(lambda address, body: answer)["witness.example/w1"]


def test_one_that_is_away_does_not_keep_others_from_signing(service: Service, settings: Any) -> None:
    other = Service("witness.example/w2")
    settings.RECORD_WITNESSES.append((str(other.key), "https://witness.example"))
    make.organisation()
    signed.now()

    def transport(address: str, body: bytes) -> Answer:
        if not service.asked:
            service.asked += 1
            raise ConnectionError("away")
        return other(address, body)

    assert witnesses.ask_all(transport) == {"witness.example/w1": "away", "witness.example/w2": ""}


def test_a_state_is_witnessed_when_as_many_signed_as_were_promised(
    service: Service, settings: Any, api: CheckingClient
) -> None:
    settings.RECORD_WITNESSES_NEEDED = 1
    make.organisation()
    signed.now()

    def shown() -> tuple[list[str], bool]:
        [row] = api.get("/api/v1/record/checkpoints/").json()["results"]
        return row["witnesses"], row["witnessed"]

    assert shown() == ([], False)
    witnesses.ask_all(service)
    assert shown() == (["witness.example/w1"], True)
    settings.RECORD_WITNESSES_NEEDED = 2
    assert shown() == (["witness.example/w1"], False)
    settings.RECORD_WITNESSES_NEEDED = 0
    assert shown() == (["witness.example/w1"], False)


def test_checkpoint_and_proof_are_shown_with_what_witnesses_signed(
    service: Service, api: CheckingClient
) -> None:
    make.organisation()
    signed.now()
    witnesses.ask_all(service)
    note = api.get("/api/v1/record/checkpoint").content.decode()
    assert verify.checkpoint(note, VKEY, [str(service.key)], needed=1)[0] == newest().size
    proof = api.get("/api/v1/record/proof/1").content.decode()
    assert proof.endswith(note)


def test_a_copy_from_before_a_witness_signed_is_not_called_current(
    service: Service, api: CheckingClient
) -> None:
    make.organisation()
    signed.now()
    for path in ("/api/v1/record/checkpoint", "/api/v1/record/checkpoints/"):
        before = api.get(path)
        assert api.get(path, headers={"If-None-Match": before["ETag"]}).status_code == 304
    tags = {
        path: api.get(path)["ETag"] for path in ("/api/v1/record/checkpoint", "/api/v1/record/checkpoints/")
    }
    witnesses.ask_all(service)
    for path, tag in tags.items():
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_what_a_witness_signed_never_changes(service: Service) -> None:
    make.organisation()
    signed.now()
    witnesses.ask_all(service)
    for statement in ("UPDATE record_cosignature SET line = ''", "DELETE FROM record_cosignature"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_logs_key_is_no_witnesss(settings: Any) -> None:
    settings.RECORD_WITNESSES = [(VKEY, "https://witness.example")]
    with pytest.raises(BadNote, match="another kind"):
        witnesses.configured()
    make.organisation()
    signed.now()
    with pytest.raises(CommandError, match="RECORD_WITNESSES"):
        call_command("ask_witnesses")


def test_the_real_checkpoint_with_a_timestamped_signature_is_read_as_its_authors_wrote_it() -> None:
    # C2SP tlog-cosignature, the example of the specification: the time stands in the first eight bytes.
    packed = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    data = notes.unpacked(packed)
    assert len(data) == notes.ID_BYTES + notes.TIME_BYTES + 64
    assert int.from_bytes(data[4:12], "big") == 1679315147
