"""Judge whether a few words are a person's name, without knowing anybody."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from .words import (
    CHINESE_SURNAMES,
    GIVEN_NAMES,
    HONORIFICS,
    JAPANESE_SURNAMES,
    KOREAN_SURNAMES,
    NAME_PARTICLES,
    NOT_CHINESE_NAMES,
    ORGANISATION_WORDS,
    TITLE_WORDS,
)

_LONGEST_NAME = 60
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*\.?")
_CAMEL_NAME = re.compile(r"(?:Mc|Mac|De|Di|Da|Du|La|Le|Van|Von|Fitz|O['’]|D['’]|Al-)[A-Z][a-zà-ÿ]+")
_HANDLE = re.compile(r"@[A-Za-z][\w.-]{1,30}")
_CHINESE = re.compile("[一-鿿]{2,4}(?:老师|先生|女士|博士|教授|さん|氏)?")
_JAPANESE = re.compile("[一-鿿々]{2,3}[一-鿿ぁ-んァ-ヶ々]{1,4}")
_HAN = re.compile("[一-鿿]")
_HANGUL = re.compile("[가-힣]{2,4}(?:님)?")
_KATAKANA = re.compile("[ァ-ヶー]{2,8}[・＝ ][ァ-ヶー]{2,10}")
_NEVER_NAMES = TITLE_WORDS | ORGANISATION_WORDS
_TITLE_ENDINGS = ("ing", "tion", "tions", "sion", "ment", "ments", "ness", "ware", "ity", "ics", "ism", "ology", "able")


class Likeness(IntEnum):
    """How much a text looks like a name. ONE_WORD needs more evidence than its looks."""

    NO = 0
    ONE_WORD = 1
    NAME = 2
    KNOWN = 3


@lru_cache(maxsize=4096)
def name_likeness(text: str) -> Likeness:
    """Judge at most five words; anything longer, with digits or with words of titles is no name."""
    text = text.strip(" \"“”'‘’*_.")
    if not text or len(text) > _LONGEST_NAME:
        return Likeness.NO
    if _HANDLE.fullmatch(text):
        return Likeness.NAME
    if _HAN.search(text) or _HANGUL.search(text) or _KATAKANA.fullmatch(text):
        return _east_asian(text)
    words = [word for word in text.split() if word.lower() not in HONORIFICS]
    if not words or len(words) > 5 or not all(_may_be_in_name(word) for word in words):
        return Likeness.NO
    return _latin(words)


def looks_like_organisation(text: str) -> bool:
    words = text.lower().replace(",", " ").replace(".", " ").split()
    return any(word in ORGANISATION_WORDS for word in words)


def _east_asian(text: str) -> Likeness:
    compact = text.replace(" ", "")
    if _KATAKANA.fullmatch(text):
        return Likeness.NAME
    if compact in NOT_CHINESE_NAMES:
        return Likeness.NO
    if compact.startswith(JAPANESE_SURNAMES) and _JAPANESE.fullmatch(compact):
        return Likeness.NAME
    if _CHINESE.fullmatch(compact):
        bare = compact.rstrip("老师先生女士博教授さん氏")
        has_title = bare != compact
        return Likeness.NAME if has_title or (len(compact) <= 3 and compact[0] in CHINESE_SURNAMES) else Likeness.NO
    return Likeness.NAME if _HANGUL.fullmatch(compact) and compact[0] in KOREAN_SURNAMES else Likeness.NO


def _may_be_in_name(word: str) -> bool:
    if word.lower() in NAME_PARTICLES:
        return True
    if _INITIAL.fullmatch(word):
        return word[0].isupper()
    return bool(_WORD.fullmatch(word)) and all(_capitalised(part) for part in re.split("[-]", word.rstrip(".")))


def _capitalised(part: str) -> bool:
    part = part.replace("’", "'")
    if part.lower() in NAME_PARTICLES or _CAMEL_NAME.fullmatch(part):
        return True
    return part[:1].isupper() and (part[1:].islower() or len(part) == 1 or not part.isascii() or "'" in part)


def _latin(words: list[str]) -> Likeness:
    lowered = [word.lower().rstrip(".") for word in words]
    is_known = lowered[0] in GIVEN_NAMES
    full = [word for word in words if len(word.rstrip(".")) > 1 and word.lower() not in NAME_PARTICLES]
    if not full or words[0] in ("A", "I"):
        return Likeness.NO
    suspicious = [word for word in lowered if word in _NEVER_NAMES or (len(word) > 5 and word.endswith(_TITLE_ENDINGS))]
    if suspicious and not (is_known and len(suspicious) == 1 and len(words) <= 3 and lowered[0] not in suspicious):
        return Likeness.NO
    if len(words) == 1:
        return Likeness.KNOWN if is_known else Likeness.ONE_WORD
    return Likeness.KNOWN if is_known else Likeness.NAME
