"""What evidence files do not allow."""

from record.refusals import Forbidden, Gone, Invalid, Missing, NotNow


class EvidenceRefused(Invalid):
    """A file that is not taken; the sentence says why and what to send instead."""

    code = "evidence_refused"
    title = "This file is not taken"
    sentence = "This file is not taken. Send a JPEG, PNG or WebP picture, or a PDF."


class OwnersSendEvidence(Forbidden):
    """Only who reports for a team sends files."""

    code = "owners_send_evidence"
    sentence = "Only members and responders of bodies that answer here send evidence; administrators give such roles."


class TooManyWaiting(NotNow):
    """So many files at a time wait to be named in an update."""

    code = "too_many_waiting"
    sentence = "{most} files that you sent wait for an update already. Post it, or wait a day until they are forgotten."


class EvidenceNeedsOne(Invalid):
    """Evidence is a link or a file."""

    code = "evidence_needs_one"
    sentence = "Give either a link in `url` or a file that you sent, by its id in `file`; not both."


class EvidenceNotWaiting(Invalid):
    """The file is not there, is somebody else's, was used, or waited too long."""

    code = "evidence_not_waiting"
    sentence = (
        "No file of yours waits under this id: it was used already, or a day has passed. Send it again."
    )


class EvidenceWithheld(Forbidden):
    """The file stands and falls with the words of its update."""

    code = "evidence_withheld"
    title = "Held back at present"
    sentence = (
        "This file is held back with the words of its update; a convenor of its assembly decides about that."
    )


class EvidenceErased(Gone):
    """Erased with the words of its update."""

    code = "evidence_erased"
    sentence = (
        "This file was erased with the words of its update, as two convenors decided; it does not come back."
    )


class EvidenceLost(Missing):
    """The row is here and the bytes are not."""

    code = "evidence_lost"
    title = "The file is not where it was kept"
    sentence = (
        "The file is not where it was kept, or is damaged; the operator can bring it back from a backup."
    )
