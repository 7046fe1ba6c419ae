"""Why a file is not taken: each reason with a sentence that says who can mend it, and how."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "empty": "The file is empty. Choose it again, or look whether it was saved at all.",
    "too_large": "The file is larger than {megabytes} MB. Save it smaller (a photo at a lower size), or give a link.",
    "too_many_pixels": "The picture has more than {megapixels} million pixels. Save it smaller, and send that.",
    "too_many_pages": "The PDF has more than {pages} pages. Send the pages that show it, or give a link to the whole.",
    "too_many_parts": "The PDF is made of too many parts. Print it to PDF anew and send what comes out.",
    "too_much": "Opening the file takes too much time or memory. Save it anew, smaller or simpler, and send that.",
    "broken": "The file cannot be read to its end: it is damaged or cut off. Open it, save it anew, and send that.",
    "locked": "The PDF is locked with a password. Save it without one, or print it to PDF anew, and send that.",
    "portfolio": "The PDF is a folder of other files. Send each of them as a PDF or picture of its own.",
    "waiting_form": "The PDF is a form that only some programs can draw. Print it to PDF and send what comes out.",
    "jpeg_2000": "The PDF holds pictures as JPEG 2000, which cannot be made clean. Print it to PDF anew and send it.",
    "hides_another": "Another file is hidden in this one. Open what you see of it, save that anew, and send it.",
    "heic": "Photos in the HEIC form are not taken. Send it as JPEG: phones do so when the photo is shared as “most "
    "compatible”, and any picture program can save it so.",
    "other_picture": "Pictures of this form are not taken. Save it as JPEG or PNG in any picture program.",
    "gif": "GIF is not taken, since it moves and can hide programs. Save the picture as PNG or JPEG and send that.",
    "svg": "SVG is not taken, since it can hold programs. Save the drawing as PNG or PDF and send that.",
    "html": "Web pages are not taken. Give the page's address as a link, or print it to PDF and send that.",
    "office": "Documents of office programs are not taken, since they can hold programs. Save it as PDF.",
    "archive": "Archives are not taken. Unpack it and send each picture or PDF by itself.",
    "film": "Films and sound are not taken. Put it where it can be watched, and give the link.",
    "program": "Programs are never taken. If you did not mean to send one, tell whoever looks after your computer.",
    "text": "Plain text is not taken as a file. Say it in the update itself, or print it to PDF and send that.",
    "unknown": "What is in the file is no JPEG, PNG, WebP or PDF, whatever it is called. Save it as one of these.",
    "infected": "The scanner found something harmful in it. Do not open it; tell whoever looks after your computer.",
    "not_scanned": "The file could not be looked through for harmful things, so it is not taken. Try again later; the "
    "operator of this service can see why.",
    "busy": "Other files are being looked through just now. Send it again in a minute.",
}
"""By code, what is said; `{…}` are the limits of this instance."""


class Fault(ValueError):
    """A file is not taken; `code` is one of SENTENCES."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
