"""`manage.py load_demo_rounds`: calls, proposals and a round on stage for the demo's events; twice is once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lightning.services.demo.rounds import load_demo_rounds, load_demo_slides


class Command(BaseCommand):
    help = "Open the demo's calls and play the round that is on stage, after load_demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's rounds are made up. Set DEMO=1 if you want them.")
        now = timezone.now()
        touched = load_demo_rounds(now=now)
        load_demo_slides(now=now)
        self.stdout.write(f"Lightning rounds: {', '.join(touched) or 'as they were'}.")
