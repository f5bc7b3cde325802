"""Has an upload looked at by a process of its own, and says in words why it is not taken."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from lightning.deck_limits import MOST_BYTES, WALL_SECONDS

PROGRAM = "lightning.deck_check"
SENTENCES: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Choose your slides again."),
    "too_large": lambda: _("The file is larger than %(megabytes)d MB. Export it with smaller pictures."),
    "office": lambda: _("This is a presentation or an archive. Export it as PDF, then upload the PDF."),
    "other_picture": lambda: _("Pictures of this kind are not taken. Save it as PNG, JPEG or WebP, or export a PDF."),
    "late_pdf": lambda: _(
        "Something stands before the PDF in this file: it must begin with %%PDF. Export it as PDF again."
    ),
    "unknown": lambda: _("This is neither a PDF nor a picture. Export your slides as PDF, PNG, JPEG or WebP."),
    "password": lambda: _("This PDF asks for a password. Export it without one."),
    "too_many_pages": lambda: _("This PDF has %(pages)d pages, %(most)d is the limit. Leave some out."),
    "too_many_pixels": lambda: _("This picture has more than %(most)d million pixels. Save it smaller."),
    "animated": lambda: _("This picture moves. Save one picture of it, or export a PDF."),
    "broken": lambda: _("This file is damaged or not complete. Export it again."),
    "too_slow": lambda: _("This file could not be read within %(seconds)d seconds. Export it with simpler pages."),
    "too_heavy": lambda: _("Opening this file takes too much memory. Export it with simpler pages."),
}


def look_at(path: Path, folder: Path, *, seconds: float = WALL_SECONDS) -> dict[str, Any]:
    """What lightning.deck_check found (its Checked as a dict); its files are in the folder.

    Raises RuleViolation. The program gets nothing of our environment: no secret is there to be found.
    """
    command = [sys.executable, "-m", PROGRAM, str(path), str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, cwd=settings.BASE_DIR, env={}, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        refuse("too_slow", seconds=round(seconds))
    if done.returncode:
        refuse("too_slow" if _ran_out_of_time(done.returncode) else "broken", seconds=round(seconds))
    answer = json.loads(done.stdout)
    if answer["refused"]:
        refuse(answer["refused"], **answer["figures"])
    return dict(answer["deck"])


def refuse(code: str, **figures: int) -> NoReturn:
    """Raise RuleViolation with the sentence for this code."""
    words = SENTENCES[code]() % ({"megabytes": MOST_BYTES // 1024 // 1024} | figures)
    raise RuleViolation(f"deck_{code}", words, field="file")


def _ran_out_of_time(returncode: int) -> bool:
    """The system ends who used up their CPU seconds: with SIGXCPU, or SIGKILL where both limits are the same."""
    return -returncode in (signal.SIGKILL, signal.SIGXCPU)
