"""How words stand beside each other: the marks between them are the language's own, “：” and “、” in Chinese."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def labelled(label: str, what: str) -> str:
    """`Map: https://…`."""
    return pgettext("a label and what it names", "%(label)s: %(what)s") % {"label": label, "what": what}


def with_aside(words: str, aside: str) -> str:
    """`Singapore time (UTC+8)`."""
    return pgettext("words and an aside", "%(words)s (%(aside)s)") % {"words": words, "aside": aside}


def joined(parts: Iterable[str]) -> str:
    """`NeurIPS Lightning Talks, 3 talks × 5 min`: what belongs together, as parts of one line; empty ones left out."""
    return pgettext("between parts of a line", ", ").join(filter(None, parts))


def listed(items: Iterable[str]) -> str:
    """`starts, ends`: things of one sort."""
    return pgettext("between things of one sort", ", ").join(items)


def set_apart(items: Iterable[str]) -> str:
    """`Ada, Acme; Bo, Initech`: things that have commas inside."""
    return pgettext("between things with commas inside", "; ").join(items)
