"""The beat's only errand here: let time pass. It may run twice, or at once with another, without harm."""

from celery import shared_task
from django.utils import timezone

from registrations.services.clockwork import sweep_registrations


@shared_task(name="registrations.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Offers, confirmations, reconfirmations, series and no-shows that are due."""
    sweep_registrations(now=timezone.now())
