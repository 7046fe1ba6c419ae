"""Files in the documented record format (docs/record-format.md): checked as a whole, then written by the actions."""

from commitments.importing.checking import problems
from commitments.importing.correcting import Change
from commitments.importing.files import gathered, import_files
from commitments.importing.reading import FileRefused, NobodyConvenes, Place, Problem, read
from commitments.importing.saying import said
from commitments.importing.writing import Report, import_record

__all__ = [
    "Change",
    "FileRefused",
    "NobodyConvenes",
    "Place",
    "Problem",
    "Report",
    "gathered",
    "import_files",
    "import_record",
    "problems",
    "read",
    "said",
]
