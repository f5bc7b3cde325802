"""`manage.py load_demo`: the demo's groups, events and people; started again it keeps what is there."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lightning.services.demo import ORGANISER, PASSWORD, Loaded, load_demo


class Command(BaseCommand):
    help = "Load the demo. On a later start only coming events that are over meanwhile get a new date."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where the setting DEMO is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO and not options["force"]:
            raise CommandError(
                "The demo makes accounts with a published password. Set DEMO=1, or add --force if you want that."
            )
        loaded = load_demo(now=timezone.now())
        for line in report(loaded):
            self.stdout.write(line)
        self.stdout.write(f"Organiser login: {ORGANISER} with the password {PASSWORD}")


def report(loaded: Loaded) -> list[str]:
    """What the import found in each text, or what has moved."""
    if not loaded.texts:
        return [f"The demo is there; new dates: {', '.join(loaded.moved) or 'none needed'}."]
    heads = f"{'text':28} sessions  talks  speakers  links  not understood"
    rows = (
        f"{text.name:28} {text.sessions:8}  {text.talks:5}  {text.speakers:8}  {text.links:5}  {text.not_understood:14}"
        for text in loaded.texts
    )
    return ["The demo is loaded. What the import found in its texts:", heads, *rows]
