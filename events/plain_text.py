"""Turn Markdown into the plain text that calendars and mails show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST = 10_000
_parser = MarkdownIt("js-default", {"linkify": False})
_LISTS = {"bullet_list_open": 1, "ordered_list_open": 1, "bullet_list_close": -1, "ordered_list_close": -1}
_LEAVES = {"inline", "fence", "code_block"}


@lru_cache(maxsize=2048)  # a feed asks for the same texts again and again, and parsing costs a millisecond each
def plain_text(markdown: str) -> str:
    """The words with their paragraphs, list items behind a hyphen or number, and links as `text (address)`.

    Of a very long text the beginning: nobody shows more.
    """
    text, depth, bullet, in_list = "", -1, "", False
    for token in _parser.parse(markdown[:LONGEST]):
        depth += _LISTS.get(token.type, 0)
        if token.type == "list_item_open":
            bullet = "  " * depth + (f"{token.info}{token.markup} " if token.info else "- ")
        elif token.type in _LEAVES:
            is_item = bool(bullet)
            text += ("\n" if is_item and in_list else "\n\n") + bullet + _leaf(token)
            bullet, in_list = "", is_item
    return text.strip("\n")


def _leaf(token: Token) -> str:
    return token.content.rstrip("\n") if token.children is None else _words(token.children)


def _words(tokens: Sequence[Token]) -> str:
    text, links = "", []
    for token in tokens:
        if token.type == "link_open":
            links.append((len(text), str(token.attrGet("href") or "")))
        elif token.type == "link_close":
            start, address = links.pop()
            text += "" if text[start:] == address else f" ({address})"
        elif token.type in {"softbreak", "hardbreak"}:
            text += " " if token.type == "softbreak" else "\n"
        else:
            text += token.content
    return text
