"""How a mail gets its words: three templates per kind, the text written first."""

import textwrap
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from core.text import clean_line
from outbox.writers import Letter

COLUMNS = 72


def render_letter(kind: str, context: dict[str, Any]) -> Letter:
    """The letter of `templates/email/<kind>.{subject.txt,txt,html}` in the active language.

    Links are built on SITE_URL, which the templates get as `site_url`: never on what a request says its host is.
    """
    values = {"site_url": settings.SITE_URL, "site_host": urlsplit(settings.SITE_URL).netloc} | context
    subject = clean_line(render_to_string(f"email/{kind}.subject.txt", values))
    values["subject"] = subject
    text = fold(render_to_string(f"email/{kind}.txt", values).strip()) + "\n"
    return Letter(subject=subject, text=text, html=render_to_string(f"email/{kind}.html", values).strip() + "\n")


def fold(text: str) -> str:
    """Paragraphs in lines that mail readers show whole; what is indented, and addresses, stay in one piece."""
    lines = text.splitlines()
    return "\n".join(line if len(line) <= COLUMNS or line.startswith(" ") else _wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, COLUMNS, break_long_words=False, break_on_hyphens=False))
