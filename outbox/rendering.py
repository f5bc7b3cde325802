"""How a mail gets its words: three templates per kind, the text written first."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from core.text import clean_line
from outbox.text_layout import fold
from outbox.writers import Letter

_MORE_THAN_ONE_BLANK_LINE = re.compile(r"\n\s*\n\s*\n")


def render_letter(kind: str, context: dict[str, Any]) -> Letter:
    """The letter of `templates/email/<kind>.{subject.txt,txt,html}` in the active language.

    Links are built on SITE_URL, which the templates get as `site_url`: never on what a request says its host is.
    A subject in the context (a group's own) stands instead of the built-in one.
    """
    values = {"site_url": settings.SITE_URL, "site_host": urlsplit(settings.SITE_URL).netloc} | context
    subject = clean_line(values.get("subject") or render_to_string(f"email/{kind}.subject.txt", values))
    values["subject"] = subject
    text = _MORE_THAN_ONE_BLANK_LINE.sub("\n\n", render_to_string(f"email/{kind}.txt", values).strip())
    return Letter(
        subject=subject,
        text=fold(text) + "\n",
        html=render_to_string(f"email/{kind}.html", values).strip() + "\n",
    )
