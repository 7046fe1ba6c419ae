"""Files in the documented record format (docs/record-format.md): checked as a whole, then written by the actions."""

from commitments.importing.checking import problems
from commitments.importing.reading import FileRefused, NobodyConvenes, Problem, read
from commitments.importing.writing import Report, import_record

__all__ = ["FileRefused", "NobodyConvenes", "Problem", "Report", "import_record", "problems", "read"]
