"""The beat's errand here: let go of what nobody asks for again."""

from celery import shared_task
from django.utils import timezone

from accounts.idempotency import forget_answers


@shared_task(name="accounts.tasks.forget_answers", ignore_result=True)
def forget_old_answers() -> None:
    """Answers to requests with a key, once nobody repeats them any more."""
    forget_answers(now=timezone.now())
