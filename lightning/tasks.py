"""The beat's errand here: files of slides that no row names. It may run twice, or twice at once, without harm."""

from celery import shared_task
from django.utils import timezone

from lightning.services.decks import sweep_decks


@shared_task(name="lightning.tasks.sweep_decks", ignore_result=True)
def sweep_deck_files() -> None:
    """Of deleted talks, of uploads that were cut off, and downloads of an hour ago."""
    sweep_decks(now=timezone.now())
