"""Take the bullet and the number from the front of a line."""

from __future__ import annotations

import re

# A dash needs a space behind it; a dot or a square is a bullet even without.
_BULLET = re.compile(r"(?:[-*+–—→»>➢➤►▶✓✔★☆※◇◆■□‑−](?=\s)|[•‣◦▪▫●○∙·・⁃])\s{0,8}")
_LIST_TAG = re.compile(r"<li(?:\s[^<>]{0,200})?>\s{0,8}", re.IGNORECASE)
_TASK = re.compile(r"\[[ xX]\]\s{1,4}")
_NUMBER = re.compile(
    r"(?:#|No\.?\s?)?([0-9]{1,3})\s?(?:[.．](?![0-9.])|[)）、](?!\s?[=])|º|\)\.)\s{0,8}(?=\S)|[(（]([0-9]{1,2})[)）]\s{1,8}(?=\S)"
)
_BARE_NUMBER = re.compile(r"([0-9]{1,3})\s{1,4}(?=[^\W\d_])")
_MOST_BULLETS = 50


def take_markers(text: str) -> tuple[str, str | None, str]:
    """Bullet ("" when there is none), number label (None when there is none), and the rest of the line."""
    tag = _LIST_TAG.match(text)
    marker, at = ("•", tag.end()) if tag else ("", 0)
    for _ in range(_MOST_BULLETS):
        found = _BULLET.match(text, at)
        if not found:
            break
        marker = text[at]
        at = found.end()
    if marker and (task := _TASK.match(text, at)):
        at = task.end()
    numbered = _NUMBER.match(text, at)
    if numbered is None:
        return marker, None, text[at:].strip()
    return marker, numbered[1] or numbered[2], text[numbered.end() :].strip()


def take_bare_number(text: str) -> tuple[str, str] | None:
    """`10 Real-World Robot Learning`, to be believed only where the neighbours are numbered."""
    found = _BARE_NUMBER.match(text)
    return (found[1], text[found.end() :]) if found else None
