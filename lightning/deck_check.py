"""What an uploaded file is, from its content: a PDF or a picture that opens, and how its first page looks.

Runs as a program of its own (`python -m lightning.deck_check FILE FOLDER`) with bounds on memory and time, because it
opens what strangers send; knows no framework. The answer is one JSON object on standard output.
"""

import json
import math
import resource
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps

from lightning.deck_limits import (
    CPU_SECONDS,
    KEPT_PIXELS,
    MEMORY_BYTES,
    MOST_BYTES,
    MOST_PAGES,
    MOST_PIXELS,
    THUMBNAIL,
)

PDF = b"%PDF-"
LATE_PDF = 1024  # readers look that far for the beginning, so a file may be something else before it
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
SAVED: dict[str, dict[str, Any]] = {
    "image/png": {"format": "PNG"},
    "image/jpeg": {"format": "JPEG", "quality": 92},
    "image/webp": {"format": "WEBP", "quality": 92},
}
# What people send in the place of slides, so that the answer can say what to do
OFFICE = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS", b"%!PS")
FTYP_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


class Refused(Exception):
    """Not a deck; `code` says why, and the figures belong into the sentence."""

    def __init__(self, code: str, **figures: int) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True)
class Checked:
    """A deck; `file` is the cleaned copy of a picture in the folder, empty where the original is kept."""

    kind: str
    pages: int
    file: str = ""
    thumbnail: str = "thumbnail.webp"


@dataclass(frozen=True)
class Answer:
    """What the program prints: a deck, or the code of a refusal with its figures."""

    deck: dict[str, object] | None = None
    refused: str = ""
    figures: dict[str, int] = field(default_factory=dict)


def check(path: Path, folder: Path) -> Checked:
    """The deck in this file; its thumbnail, and a picture's cleaned copy, are written into the folder.

    Raises Refused.
    """
    size = path.stat().st_size
    if not size:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("too_large")
    with path.open("rb") as file:
        head = file.read(LATE_PDF)
    if head.startswith(PDF):
        return _pdf(path, folder)
    return _checker(head)(path, folder)


def _checker(head: bytes) -> Callable[[Path, Path], Checked]:
    """Raises Refused for what begins like nothing we take."""
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return _picture
    if PDF in head:
        raise Refused("late_pdf")
    if head.startswith(OFFICE):
        raise Refused("office")
    if head.startswith(OTHER_PICTURES) or (head[4:8] == b"ftyp" and head[8:12] in FTYP_PICTURES):
        raise Refused("other_picture")
    if b"<svg" in head.lower():
        raise Refused("other_picture")
    raise Refused("unknown")


def _pdf(path: Path, folder: Path) -> Checked:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise Refused("password" if "password" in str(error).lower() else "broken") from error
    pages = len(document)
    if not pages:
        raise Refused("broken")
    if pages > MOST_PAGES:
        raise Refused("too_many_pages", pages=pages, most=MOST_PAGES)
    try:
        _save_thumbnail(_first_page(document), folder)
    except (pdfium.PdfiumError, OSError, ValueError) as error:
        raise Refused("broken") from error
    return Checked("application/pdf", pages)


def _first_page(document: pdfium.PdfDocument) -> Image.Image:
    """As large as the thumbnail, however large the page says it is."""
    page = document[0]
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise ValueError
    scale = min(THUMBNAIL[0] / width, THUMBNAIL[1] / height)
    return page.render(scale=scale, may_draw_forms=False).to_pil()


def _picture(path: Path, folder: Path) -> Checked:
    """Drawn anew: whatever was hidden in the file, such as where a photo was taken, stays behind."""
    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            kind = _verified(path)
        with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as image:
            clean = _cleaned(image, kind)
        name = f"clean.{SAVED[kind]['format'].lower()}"
        clean.save(folder / name, **SAVED[kind])
        _save_thumbnail(clean, folder)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels", most=MOST_PIXELS // 1_000_000) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error
    return Checked(kind, 1, file=name)


def _verified(path: Path) -> str:
    """The kind of picture, once its size, its frames and its sums are in order; raises Refused."""
    with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Image.DecompressionBombError
        if image.format != "MPO" and getattr(image, "is_animated", False):  # phones hide a second photo in a JPEG
            raise Refused("animated")
        image.verify()
        return PICTURES[str(image.format)]


def _cleaned(image: Image.Image, kind: str) -> Image.Image:
    """Upright, of a bounded size, in colours that its kind can hold, with its colour profile and nothing else."""
    image.load()
    profile, mode = image.info.get("icc_profile"), image.mode
    ImageOps.exif_transpose(image, in_place=True)  # a copy of fifty million pixels is 200 MB
    upright = image.point(lambda value: value / 256).convert("L") if mode.startswith("I") else image  # 16 bits of grey
    wanted = _mode(upright, kind)
    clean = upright if upright.mode == wanted else upright.convert(wanted)
    pixels = clean.width * clean.height
    if pixels > KEPT_PIXELS:
        shrink = math.sqrt(KEPT_PIXELS / pixels)
        clean = clean.resize((max(1, round(clean.width * shrink)), max(1, round(clean.height * shrink))))
    same_colours = {mode, wanted} <= {"RGB", "RGBA"}
    clean.info = {"icc_profile": profile} if profile and same_colours else {}
    return clean


def _mode(image: Image.Image, kind: str) -> str:
    if kind == "image/jpeg":
        return "L" if image.mode == "L" else "RGB"
    has_alpha = image.mode in {"LA", "PA", "RGBA"} or "transparency" in image.info
    return "RGBA" if has_alpha else "RGB"


def _save_thumbnail(image: Image.Image, folder: Path) -> None:
    small = image.copy()
    small.thumbnail(THUMBNAIL)
    if small.mode not in {"RGB", "RGBA"}:
        small = small.convert("RGB")
    small.save(folder / Checked.thumbnail, format="WEBP", quality=80)


def bound_myself() -> None:
    """No more memory and time than a real deck needs, no core files, no file larger than a deck."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 2 * MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # the machine's own limit may be lower
            resource.setrlimit(limit, (most, most))


def main(arguments: list[str]) -> None:
    """Print what the file is; whoever started us decides what it means when we do not come that far."""
    path, folder = map(Path, arguments)
    bound_myself()
    try:
        answer = Answer(deck=asdict(check(path, folder)))
    except Refused as refusal:
        answer = Answer(refused=refusal.code, figures=refusal.figures)
    except MemoryError:
        answer = Answer(refused="too_heavy")
    sys.stdout.write(json.dumps(asdict(answer)))


if __name__ == "__main__":
    main(sys.argv[1:])
