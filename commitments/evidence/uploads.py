"""Files as they come in: in memory alone, never longer than they may be, and never by the name that they are given."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

FAR_TOO_LARGE = 4
"""So many times what a file may be is not even read to its end, so that nobody can say kindly what is wrong."""


class Bounded(FileUploadHandler):
    """Keeps one byte more of each file than any may have, which tells that it is too large; the rest passes by."""

    def handle_raw_input(self, *sent: Any, **kwargs: Any) -> None:
        """Refuse at once what is far too large in all. Raises RequestDataTooBig."""
        length = sent[2] if len(sent) > 2 else kwargs["content_length"]
        if length > FAR_TOO_LARGE * settings.EVIDENCE_LARGEST:
            raise RequestDataTooBig("The files are far too large.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing."""
        super().new_file(*args, **kwargs)
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep as much of it as is left to keep."""
        most = max(settings.EVIDENCE_LARGEST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
        left = most + 1 - len(self.kept)
        self.kept += raw_data[: max(0, left)]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, or as much of it as says that it is too large."""
        return InMemoryUploadedFile(
            file=BytesIO(self.kept),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=len(self.kept),
            charset=self.charset,
        )
