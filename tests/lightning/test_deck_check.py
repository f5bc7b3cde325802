"""What an upload is goes by its content; what cannot be opened in a bounded time and space is not taken."""

import io
import json
import zlib
from pathlib import Path

import pytest
from PIL import Image

from core.errors import RuleViolation
from lightning import deck_check, deck_process
from lightning.deck_check import Checked, Refused, check
from lightning.deck_limits import KEPT_PIXELS, MOST_BYTES
from tests.lightning import deck_files as files

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def checked(content: bytes, folder: Path, name: str = "upload") -> Checked:
    path = folder / name
    path.write_bytes(content)
    return check(path, folder)


def picture_in(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def refusal(content: bytes, folder: Path, name: str = "upload") -> str:
    with pytest.raises(Refused) as refused:
        checked(content, folder, name)
    return refused.value.code


def test_a_pdf_is_kept_as_it_is_and_its_first_page_drawn(tmp_path: Path) -> None:
    found = checked(files.pdf(3), tmp_path, "slides.png")
    thumbnail = picture_in(tmp_path / found.thumbnail)
    assert (found.kind, found.pages, found.file) == ("application/pdf", 3, "")
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (960, 640))


@pytest.mark.parametrize(("width", "height"), [(1e7, 1e7), (1, 14400), (14400, 1)])
def test_a_page_of_any_size_makes_a_thumbnail_of_a_bounded_one(tmp_path: Path, width: float, height: float) -> None:
    found = checked(files.pdf(width=width, height=height), tmp_path)
    size = picture_in(tmp_path / found.thumbnail).size
    assert (size[0] <= 960, size[1] <= 1280) == (True, True)


@pytest.mark.parametrize(
    ("kind", "mime", "name"),
    [("PNG", "image/png", "clean.png"), ("JPEG", "image/jpeg", "clean.jpeg"), ("WEBP", "image/webp", "clean.webp")],
)
def test_pictures_are_drawn_anew_without_what_was_hidden_in_them(
    tmp_path: Path, kind: str, mime: str, name: str
) -> None:
    found = checked(files.photo(kind) + b"<script>alert(1)</script>", tmp_path)
    kept = (tmp_path / found.file).read_bytes()
    clean = Image.open(io.BytesIO(kept))
    assert (found.kind, found.pages, found.file, clean.format) == (mime, 1, name, kind)
    assert clean.size == (48, 64)  # upright
    assert (dict(clean.getexif()), clean.info.get("comment"), clean.info.get("exif")) == ({}, None, None)
    assert [word for word in (b"Camera of Cy", b"taken at home", b"<script>") if word in kept] == []


@pytest.mark.parametrize(
    ("mode", "kind", "kept"),
    [
        ("P", "PNG", "RGB"),
        ("1", "PNG", "RGB"),
        ("I;16", "PNG", "RGB"),
        ("LA", "PNG", "RGBA"),
        ("RGBA", "WEBP", "RGBA"),
        ("CMYK", "JPEG", "RGB"),
        ("L", "JPEG", "L"),
    ],
)
def test_pictures_in_any_colours_are_taken(tmp_path: Path, mode: str, kind: str, kept: str) -> None:
    found = checked(files.picture(kind, mode=mode), tmp_path)
    assert picture_in(tmp_path / found.file).mode == kept


def test_a_grey_picture_of_sixteen_bits_stays_grey(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("I;16", (8, 8), 32768).save(file, "PNG")
    found = checked(file.getvalue(), tmp_path)
    assert picture_in(tmp_path / found.file).getpixel((4, 4)) == (128, 128, 128)


def test_a_large_picture_is_kept_as_large_as_screens_need(tmp_path: Path) -> None:
    found = checked(files.picture(size=(6000, 4000)), tmp_path)
    width, height = picture_in(tmp_path / found.file).size
    assert (abs(width / height - 1.5) < 0.001, abs(width * height - KEPT_PIXELS) < 10_000) == (True, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (files.pdf(101), "too_many_pages"),
        (files.pdf(2)[:200], "broken"),
        (b"%PDF-1.7 and no more", "broken"),
        (files.pdf(0), "broken"),
        (b"<html><script>alert(1)</script>" + files.pdf(), "late_pdf"),
        (b"\n" + files.pdf(), "late_pdf"),
        (b"GIF89a" + files.pdf(), "late_pdf"),
        (b"<!doctype html><p>Not a PDF at all", "unknown"),
        (SVG, "other_picture"),
        (b"PK\x03\x04[Content_Types].xml ppt/presentation.xml", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1PowerPoint", "office"),
        (files.picture("GIF"), "other_picture"),
        (files.picture("TIFF"), "other_picture"),
        (b"\0\0\0\x1cftypheic", "other_picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "other_picture"),
        (files.moving("PNG"), "animated"),
        (files.moving("WEBP"), "animated"),
        (files.picture("JPEG", size=(640, 480))[:600], "broken"),
        (files.picture("PNG")[:60], "broken"),
        (files.picture("WEBP")[:30], "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "broken"),
        (b"\xff\xd8\xff" + b"<script>alert(1)</script>", "broken"),
        (b"\0\1\2\3" * 99, "unknown"),
    ],
)
def test_what_is_no_deck_is_refused_whatever_it_is_called(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(content, tmp_path, "slides.pdf") == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slides.pdf"]


def test_a_picture_that_says_it_is_huge_is_not_unpacked(tmp_path: Path) -> None:
    small = files.picture("PNG", size=(8, 8))
    for width in (7_100, 12_000, 30_000, 2**31 - 1):
        huge = bytearray(small)
        huge[16:24] = width.to_bytes(4) * 2
        huge[29:33] = zlib.crc32(bytes(huge[12:29])).to_bytes(4)
        assert refusal(bytes(huge), tmp_path) == "too_many_pixels", width


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.write(files.pdf())
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(Refused, match="too_large"):
        check(path, tmp_path)


class TestProcess:
    """The check as it is run: few of them, for each costs the start of a program."""

    def test_it_says_what_it_found(self, tmp_path: Path) -> None:
        (tmp_path / "upload").write_bytes(files.pdf(2))
        assert deck_process.look_at(tmp_path / "upload", tmp_path) == {
            "kind": "application/pdf",
            "pages": 2,
            "file": "",
            "thumbnail": "thumbnail.webp",
        }

    def test_a_refusal_is_a_kind_sentence(self, tmp_path: Path) -> None:
        """PDFium remembers its last error, so a password is asked about in a new process only."""
        (tmp_path / "upload").write_bytes(files.locked_pdf())
        with pytest.raises(RuleViolation) as refused:
            deck_process.look_at(tmp_path / "upload", tmp_path)
        assert (refused.value.code, refused.value.field) == ("deck_password", "file")
        assert refused.value.message == "This PDF asks for a password. Export it without one."

    def test_a_bomb_does_not_hang(self, tmp_path: Path) -> None:
        """Five million curves in 60 kB: drawing them takes minutes."""
        curves = b"0 0 m " + b"0 0 960 540 0 540 c 960 0 0 0 960 540 c " * 2_500_000 + b"b*"
        (tmp_path / "upload").write_bytes(files.drawn_pdf(curves))
        with pytest.raises(RuleViolation) as refused:
            deck_process.look_at(tmp_path / "upload", tmp_path, seconds=1)
        assert refused.value.message == ("This file could not be read within 1 seconds. Export it with simpler pages.")


@pytest.mark.parametrize(("code", "words"), deck_process.SENTENCES.items())
def test_every_sentence_can_be_said(code: str, words: object) -> None:
    figures = {"pages": 101, "most": 100, "seconds": 15}
    with pytest.raises(RuleViolation) as refused:
        deck_process.refuse(code, **figures)
    assert ("%" in refused.value.message.replace("%PDF", ""), refused.value.code) == (False, f"deck_{code}")


def test_the_program_prints_one_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deck_check, "bound_myself", lambda: None)  # the bounds would hold for all tests after this one
    (tmp_path / "upload").write_bytes(b"hello")
    deck_check.main([str(tmp_path / "upload"), str(tmp_path)])
    assert json.loads(capsys.readouterr().out) == {"deck": None, "refused": "unknown", "figures": {}}
