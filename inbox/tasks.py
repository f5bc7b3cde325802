"""What the beat asks of the inbox: a look into the mailbox, and forgetting what is old."""

import logging
import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from inbox.imap import MailboxFailed, fetch_unread, mailbox_of
from inbox.mime import LARGEST_MESSAGE
from inbox.models import InboundMail
from inbox.services import erase_old, receive

log = logging.getLogger(__name__)
WORK_SECONDS = 40.0


@shared_task(name="inbox.tasks.poll_mailbox", ignore_result=True)
def poll_mailbox() -> None:
    """Take in what is unread, when a mailbox is set; what is left when time is up is there a minute later."""
    if not settings.INBOUND_IMAP_URL:
        return
    stop = time.monotonic() + WORK_SECONDS
    try:
        fetch_unread(
            mailbox_of(settings.INBOUND_IMAP_URL),
            _keep,
            largest=LARGEST_MESSAGE,
            keep_going=lambda: time.monotonic() < stop,
        )
    except MailboxFailed as failure:
        log.warning("mailbox: %s", failure)


@shared_task(name="inbox.tasks.erase_old_mail", ignore_result=True)
def erase_old_mail() -> None:
    """Forget the words of what was handled."""
    erase_old(now=timezone.now())


def _keep(raw: bytes) -> None:
    if raw.strip():
        receive(raw=raw, source=InboundMail.Source.IMAP, now=timezone.now())
