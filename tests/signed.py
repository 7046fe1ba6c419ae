"""The record of a test, signed: by a key that every test has, since a signer of its own would remember other tests'."""

from record import checkpoints, notes, tree
from record.checkpoints import State
from record.models import Checkpoint
from record.notes import SigningKey

KEY = SigningKey("testserver/api/v1/record", bytes(range(32)))


def now(key: SigningKey = KEY) -> Checkpoint:
    """Sign the record as it is."""
    state = State(key.name, tree.size(), tree.root(tree.size()))
    return checkpoints.publish(state, notes.signed(state.text, [key]), key.verifier)
