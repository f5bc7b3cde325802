"""Read the inside of one line: Markdown and HTML links, bare addresses, hashtags, emphasis."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from .result import Link

MATERIAL_WORDS = frozenset(
    """slide slides deck video recording code github gitlab repo repository notebook colab paper pdf demo link
    website blog homepage site source more details here material materials notes slideshare youtube
    幻灯片 视频 代码 资料""".split()
)

_URL_ENDS = frozenset(' \t<>"“”「」，。；：！？、）】》`|')
_URL_TRAIL = ".,;:!?'*"
_ESCAPABLE = frozenset("\\`*_{}[]()#+-.!|<>~$")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?=[\s>/])")
_HREF = re.compile(r"""\bhref\s{0,3}=\s{0,3}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE)
_HASHTAG = re.compile(r"#([^\W\d_][\w-]{0,60})")
_PICTURE = frozenset({"So", "Sk", "Cn", "Mn", "Cf"})
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Inline:
    """A line's readable text, without addresses and trailing hashtags, and what was found in it."""

    text: str
    links: tuple[Link, ...] = ()
    topics: tuple[str, ...] = ()
    opens_with_link: bool = False


@dataclass(slots=True)
class _Scan:
    """One walk from left to right; every character is looked at a bounded number of times."""

    source: str
    pairs: dict[int, int]
    at: int = 0
    out: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    jumps: dict[int, int] = field(default_factory=dict)
    anchor: tuple[str, int] | None = None
    open_marks: dict[str, int] = field(default_factory=dict)
    no_tag_end: bool = False
    opens_with_link: bool = False


def read_inline(source: str) -> Inline:
    scan = _Scan(source, _bracket_pairs(source))
    while scan.at < len(source):
        _step(scan)
    text = tidy("".join(scan.out))
    text, trailing = _split_trailing_hashtags(text)
    return Inline(text, _distinct(scan.links), tuple(dict.fromkeys(trailing + scan.topics)), scan.opens_with_link)


def tidy(text: str) -> str:
    """Unescape entities, join white space, drop emphasis around the whole and brackets left empty."""
    if "&" in text:
        text = html.unescape(text).replace("\0", "")
    text = " ".join(text.split())
    for empty in ("()", "( )", "[]", "（）", "<>"):
        text = text.replace(empty, "")
    while len(text) > 2 and text[0] in "*_~" and text[-1] == text[0]:
        text = text[1:-1].strip()
    return " ".join(text.split())


def without_symbols(text: str) -> str:
    """Drop pictures such as a microphone from the front; quotes and brackets stay."""
    at = 0
    while at < len(text) and (text[at].isspace() or unicodedata.category(text[at]) in _PICTURE):
        at += 1
    return text[at:]


def has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _bracket_pairs(source: str) -> dict[int, int]:
    """Index of each bracket's partner, found with one stack per kind."""
    pairs: dict[int, int] = {}
    open_square: list[int] = []
    open_round: list[int] = []
    for at, character in enumerate(source):
        if character in "[(":
            (open_square if character == "[" else open_round).append(at)
        elif character in "])":
            waiting = open_square if character == "]" else open_round
            if waiting:
                pairs[waiting.pop()] = at
    return pairs


def _step(scan: _Scan) -> None:
    if scan.at in scan.jumps:
        scan.at = scan.jumps[scan.at]
        return
    character = scan.source[scan.at]
    reader = _READERS.get(character)
    if reader is None or not reader(scan):
        scan.out.append(character)
        scan.at += 1


def _read_bracket(scan: _Scan) -> bool:
    """`[text](address)`, `![picture](address)`."""
    close = scan.pairs.get(scan.at)
    if close is None or not scan.source.startswith("(", close + 1) or close + 1 not in scan.pairs:
        return False
    end = scan.pairs[close + 1]
    inner = scan.source[close + 2 : end].split(maxsplit=1)
    title = tidy(scan.source[scan.at + 1 : close]) if close - scan.at < 500 else ""
    url = inner[0].strip("<>") if inner else ""
    if _is_web(url) and _is_web(title):
        title = ""
    _note_link(scan, title, url)
    before = "".join(scan.out[-1:])
    if not title or (scan.out and (title.lower() in MATERIAL_WORDS or before in (".", "。", "!"))):
        scan.at = end + 1
    else:
        scan.at += 1
        scan.jumps[close] = end + 1
    return True


def _read_picture(scan: _Scan) -> bool:
    close = scan.pairs.get(scan.at + 1) if scan.source.startswith("[", scan.at + 1) else None
    if close is None or close + 1 not in scan.pairs or scan.source[close + 1] != "(":
        return False
    scan.at = scan.pairs[close + 1] + 1
    return True


def _read_angle(scan: _Scan) -> bool:
    """`<https://…>`, `<a href="…">text</a>`, and any other tag, which is dropped."""
    if scan.no_tag_end or not (
        scan.source[scan.at + 1 : scan.at + 9].startswith(_WEB) or _TAG.match(scan.source, scan.at)
    ):
        return False
    end = scan.source.find(">", scan.at)
    if end < 0:
        scan.no_tag_end = True
        return False
    inside = scan.source[scan.at + 1 : end]
    scan.at = end + 1
    if inside.startswith(_WEB):
        _note_link(scan, "", inside)
    elif inside.lower().startswith(("a ", "a\t")) and (found := _HREF.search(inside)):
        scan.anchor = (next(group for group in found.groups() if group is not None), len(scan.out))
    elif inside.lower() == "/a" and scan.anchor:
        url, start = scan.anchor
        scan.anchor = None
        _note_link(scan, tidy("".join(scan.out[start:])), url)
    elif inside.lower().startswith("br"):
        scan.out.append(" ")
    return True


def _read_address(scan: _Scan) -> bool:
    if not scan.source.startswith(_WEB, scan.at) or (scan.at and scan.source[scan.at - 1].isalnum()):
        return False
    end = scan.at
    while end < len(scan.source) and scan.source[end] not in _URL_ENDS:
        end += 1
    url = _without_trailing_punctuation(scan.source[scan.at : end])
    _note_link(scan, "", url)
    scan.at += max(len(url), 1)
    return True


def _without_trailing_punctuation(url: str) -> str:
    """`https://x.org/a_(b)).` is `https://x.org/a_(b)`: a closing bracket stays when the address opened it."""
    surplus = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    end = len(url)
    while end and (url[end - 1] in _URL_TRAIL or surplus.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in surplus:
            surplus[url[end]] -= 1
    return url[:end]


def _read_hashtag(scan: _Scan) -> bool:
    before = scan.source[scan.at - 1] if scan.at else " "
    found = _HASHTAG.match(scan.source, scan.at)
    if not found or not before.isspace():
        return False
    scan.topics.append(found[1])
    scan.out.extend(found[0])
    scan.at = found.end()
    return True


def _read_emphasis(scan: _Scan) -> bool:
    """`**bold**` loses its stars; `*this*` and `_this_` too once closed; a lone mark stays, and so does __init__."""
    mark = scan.source[scan.at]
    if scan.source.startswith("**", scan.at):
        scan.at += 2
        return True
    before, after = scan.source[max(0, scan.at - 1) : scan.at], scan.source[scan.at + 1 : scan.at + 2]
    if mark in (before, after):
        return False
    opened = scan.open_marks.get(mark, -1)
    if opened >= 0 and before.strip() and not after.isalnum():
        scan.out[opened] = ""
        scan.open_marks[mark] = -1
        scan.at += 1
        return True
    if not before.isalnum() and after.strip():
        scan.open_marks[mark] = len(scan.out)
    return False


def _read_backtick(scan: _Scan) -> bool:
    scan.at += 1
    return True


def _read_backslash(scan: _Scan) -> bool:
    following = scan.source[scan.at + 1 : scan.at + 2]
    if following not in _ESCAPABLE:
        return False
    scan.out.append(following)
    scan.at += 2
    return True


_READERS = {
    "[": _read_bracket,
    "!": _read_picture,
    "<": _read_angle,
    "h": _read_address,
    "#": _read_hashtag,
    "*": _read_emphasis,
    "_": _read_emphasis,
    "`": _read_backtick,
    "\\": _read_backslash,
}


def _is_web(url: str) -> bool:
    return url.startswith(_WEB) and len(url) > len("https://")


def _note_link(scan: _Scan, title: str, url: str) -> None:
    url = html.unescape(url.strip())
    if not _is_web(url) or any(character.isspace() or character in '<>"' for character in url):
        return
    if not any(has_words(piece) for piece in scan.out):
        scan.opens_with_link = True
    scan.links.append(Link(title, url))


def _distinct(links: list[Link]) -> tuple[Link, ...]:
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.url, link)
    return tuple(first.values())


def _split_trailing_hashtags(text: str) -> tuple[str, list[str]]:
    words = text.split(" ")
    trailing: list[str] = []
    while words and (found := _HASHTAG.fullmatch(words[-1].rstrip(",;"))):
        trailing.append(found[1])
        words.pop()
    return " ".join(words).rstrip(" ,;") if trailing else text, trailing[::-1]
