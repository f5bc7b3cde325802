"""Lets time pass for registrations once: for cron, where Celery's beat does not run."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registrations.services.clockwork import sweep_registrations


class Command(BaseCommand):
    """What the beat does every minute."""

    help = "Expire offers, promote, ask to reconfirm, register members of series, note who did not come."

    def handle(self, *args: Any, **options: Any) -> None:
        for step, done in sweep_registrations(now=timezone.now()).items():
            self.stdout.write(f"{step}: {done}")
