"""`manage.py load_demo_rsvps`: attendees for the events of `load_demo`; started again it keeps what is there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registrations.services.demo import load_demo_rsvps


class Command(BaseCommand):
    help = "Give the demo's events attendees, waiting lists and people who came."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This makes up attendees for the demo's events. Set DEMO=1 if you want that.")
        events = load_demo_rsvps(now=timezone.now())
        self.stdout.write(f"{events} events have attendees." if events else "The attendees are there.")
