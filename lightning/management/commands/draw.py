"""`manage.py draw EVENT`: shows the draw of a round, or holds it again and compares (`--verify`)."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lightning.drawing_document import Differs, verify
from lightning.models import Call
from lightning.selectors.calls import drawn_calls
from lightning.selectors.draws import draw_document

MAX_BYTES = 5_000_000


class Command(BaseCommand):
    """A published file is checked without a database, and Django's checks would ask it."""

    help = "Show the draw of an event's round. --verify holds it again; exits 1 when the result differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("event", metavar="EVENT", help="the event's short name, as in its address")
        parser.add_argument("--block", type=int, help="the round's number, where the event has several")
        parser.add_argument(
            "--verify",
            nargs="?",
            const="",
            metavar="FILE",
            help="hold the draw again: of the database or, without asking it, of the published JSON (- for stdin)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["verify"]
        document = read_document(file, options) if file else draw_document(find_call(options))
        if file is None:
            self._show(document)
            return
        try:
            result = verify(document)
        except Differs as difference:
            raise CommandError(str(difference)) from difference
        count = len(document["entries"])
        self.stdout.write(
            f"The same result: {count} entries, {len(result.winners)} slots, {len(result.stand_by)} on stand-by."
        )

    def _show(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def read_document(file: str, options: dict[str, Any]) -> dict[str, Any]:
    """A published draw. Raises CommandError for what is none, or of another event."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        document = json.loads(data) if len(data) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{file}: this is not a published draw ({error}).") from error
    if not isinstance(document, dict):
        raise CommandError(f"{file}: this is not a published draw (no JSON object).")
    if document.get("event") != options["event"]:
        raise CommandError(f"{file}: this is a draw of {document.get('event')!r}, not of {options['event']!r}.")
    if options["block"] is not None and document.get("block") != options["block"]:
        raise CommandError(f"{file}: this is the draw of block {document.get('block')}, not of {options['block']}.")
    return document


def find_call(options: dict[str, Any]) -> Call:
    """The one that is meant. Raises CommandError when there is none, or more than one."""
    calls = {call.block_id: call for call in drawn_calls(options["event"])}
    if not calls:
        raise CommandError(f"{options['event']}: no such event, or none of its rounds is drawn by lot.")
    block = options["block"]
    if block is None and len(calls) > 1:
        raise CommandError(f"Name the round with --block: {', '.join(map(str, calls))}.")
    if block is not None and block not in calls:
        raise CommandError(f"This event draws lots for --block {', '.join(map(str, calls))}.")
    return calls[block] if block is not None else next(iter(calls.values()))
