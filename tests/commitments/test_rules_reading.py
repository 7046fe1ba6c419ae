"""A file that says what cannot be kept is refused in words."""

from pathlib import Path

import pytest

from commitments.importing import FileRefused, read


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"latitude": NaN}', "NaN"),
        (r'["\ud800"]', "half"),
        (r'["a\u0000b"]', "NUL"),
        ("[-Infinity]", "-Infinity"),
    ],
)
def test_what_cannot_be_kept_is_refused(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused, match=word):
        read(path)


def test_whole_characters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(r'["\ud83d\ude00 é"]', encoding="utf-8")
    assert read(path) == ["😀 é"]
