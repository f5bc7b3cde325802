"""The beat's errand here: let go of what nobody asks for again."""

from celery import shared_task
from django.utils import timezone

from accounts.feed_keys import forget_retired_keys
from accounts.idempotency import forget_answers


@shared_task(name="accounts.tasks.forget_answers", ignore_result=True)
def forget_old_answers() -> None:
    """Answers to requests with a key, and replaced feed keys, once nobody comes with them any more."""
    now = timezone.now()
    forget_answers(now=now)
    forget_retired_keys(now=now)
