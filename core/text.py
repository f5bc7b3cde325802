"""Cleaning of text that people type."""

import re
import unicodedata

from django.utils.text import slugify

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029]")

# What nobody's name or title holds, and the header of a mail must not: line breaks included. A tab is a blank.
UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean_line(text: str) -> str:
    """One line: NFC, no control characters, white space folded."""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())


def clean_text(text: str) -> str:
    """Several lines: NFC, no control characters, no white space at the ends of lines or of the whole."""
    clean = _CONTROL.sub(" ", unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in clean.split("\n")).strip()


def search_words(text: str) -> str:
    """Folded for searching: NFKD without accents, lower case, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def unique_slug(text: str, taken: set[str], *, fallback: str, max_length: int = 60) -> str:
    """A slug for the text that is not in `taken` (lower case); Chinese and other letters are kept."""
    base = slugify(text, allow_unicode=True)[:max_length].strip("-_") or fallback
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
