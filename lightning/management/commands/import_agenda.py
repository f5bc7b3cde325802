"""`manage.py import_agenda FILE`: reads notes as people write them, shows what it found, fills an event with it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import RuleViolation
from events.agenda_text import Agenda, AgendaError, parse_agenda
from events.models import Event
from lightning.agenda_preview import preview
from lightning.selectors.agenda import Proposal, propose_speakers, undoubted
from lightning.services.agenda_import import Imported, import_agenda
from speakers.models import Speaker

MAX_BYTES = 2_000_000  # the parser sets its own, narrower limits; this one keeps a file from filling the memory


class Command(BaseCommand):
    """A dry run asks no database anything, and Django's checks would."""

    help = "Read an agenda from a text file and show it; with --event, make it the programme of that event."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a text file, or - for standard input")
        parser.add_argument("--event", metavar="SLUG", help="the event whose empty programme is filled")
        parser.add_argument("--dry-run", action="store_true", help="only show what was read; needs no database")
        parser.add_argument("--json", action="store_true", help="print what was read as JSON")
        parser.add_argument(
            "--accept-matches",
            action="store_true",
            help="where just one known speaker has that full name or link, use them instead of making a new speaker",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dry_run"] and not options["event"]:
            raise CommandError("Name the event with --event SLUG, or add --dry-run to look at the text first.")
        agenda = read_agenda(options["file"])
        if options["dry_run"]:
            self._show(agenda, as_json=options["json"])
            return
        self._fill(agenda, options)

    def _show(self, agenda: Agenda, *, as_json: bool) -> None:
        if hasattr(sys.stdout, "reconfigure"):  # a terminal without Chinese letters shows their numbers
            sys.stdout.reconfigure(errors="backslashreplace")
        self.stdout.write(json.dumps(agenda.as_json(), ensure_ascii=False, indent=2) if as_json else preview(agenda))

    def _fill(self, agenda: Agenda, options: dict[str, Any]) -> None:
        event = find_event(options["event"])
        proposals = propose_speakers(agenda)
        same_as = undoubted(proposals) if options["accept_matches"] else {}
        try:
            result = import_agenda(event=event, agenda=agenda, now=timezone.now(), same_as=same_as)
        except RuleViolation as refusal:
            raise CommandError(f"Nothing was imported. {refusal.message}") from refusal
        self._show(agenda, as_json=options["json"])
        say = self.stderr if options["json"] else self.stdout  # JSON stands alone on standard output
        say.write(summary(event, result, agenda), lambda text: text)
        for proposal in proposals:
            say.write(about(proposal, same_as), lambda text: text)


def read_agenda(name: str) -> Agenda:
    """Parse a file, or standard input for "-"; raises CommandError with one clear sentence."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CommandError(f"There is no file {name}.") from None
    except IsADirectoryError:
        raise CommandError(f"{name} is a folder. Name the text file inside it.") from None
    except (OSError, ValueError) as problem:  # no permission; a name with a NUL byte
        raise CommandError(f"{name} cannot be read: {problem}.") from None
    if len(data) > MAX_BYTES:
        raise CommandError(f"{name} is larger than {MAX_BYTES:,} bytes. Give the agenda of one event at a time.")
    try:
        return parse_agenda(data)
    except AgendaError as problem:
        raise CommandError(str(problem)) from None


def find_event(slug: str) -> Event:
    """The event of that short name, whatever its case."""
    event = Event.objects.filter(slug__iexact=slug).first() if "\x00" not in slug else None
    if event is None:
        raise CommandError(f"There is no event “{slug}”. Its short name stands in its address: /events/<short name>/.")
    return event


def summary(event: Event, result: Imported, agenda: Agenda) -> str:
    """What came of it, in one line."""
    return (
        f"\nImported into {event.slug}: {result.sessions} sessions, {result.talks} lightning talks, "
        f"{result.speakers} speakers ({result.new_speakers} new), {result.links} links, {result.topics} topics; "
        f"{len(agenda.not_understood)} lines not understood."
    )


def about(proposal: Proposal, same_as: dict[str, Speaker]) -> str:
    """What was done about somebody who may be known already."""
    known = f"“{proposal.name}” may be {proposal.speaker.name} ({proposal.speaker.slug}), by {proposal.by}"
    if same_as.get(proposal.name) == proposal.speaker:
        return f"{known}: taken to be the same."
    return f"{known}: made a new speaker, nothing was merged."
