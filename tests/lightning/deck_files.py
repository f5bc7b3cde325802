"""Small files that people may upload as slides, and some that pretend to be."""

import io
import zlib
from typing import Any

import pypdfium2 as pdfium
from PIL import Image


def pdf(pages: int = 1, *, width: float = 600, height: float = 400) -> bytes:
    """Empty pages of this size."""
    document, file = pdfium.PdfDocument.new(), io.BytesIO()
    for _page in range(pages):
        document.new_page(width, height)
    document.save(file)
    return file.getvalue()


def drawn_pdf(drawing: bytes) -> bytes:
    """One page with these drawing operators, its cross-references left for the reader to find."""
    packed = zlib.compress(drawing, 9)
    return b"".join(
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 960 540]/Contents 4 0 R>>endobj\n",
            b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed),
            packed,
            b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        ]
    )


def locked_pdf() -> bytes:
    """Says that it is encrypted with a password that is not the empty one."""
    oh = b"(" + b"a" * 32 + b")"
    return pdf().replace(
        b"trailer\r\n<<",
        b"9 0 obj<</Filter/Standard/V 1/R 2/P -4/O" + oh + b"/U" + oh + b">>endobj\r\n"
        b"trailer\r\n<</Encrypt 9 0 R/ID[(a)(a)]",
    )


def picture(kind: str = "PNG", *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """One colour."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def moving(kind: str) -> bytes:
    """Two frames."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def photo(kind: str = "JPEG") -> bytes:
    """With where it was taken, on its side, and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x010F] = "Camera of Cy"
    exif.get_ifd(0x8825)[1] = "N"
    options: dict[str, Any] = {"comment": b"taken at home"} if kind == "JPEG" else {}
    return picture(kind, exif=exif, **options)
