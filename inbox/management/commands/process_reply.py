"""The mail pipe: a mail server starts it for each message and reads its exit code (sysexits.h)."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from core.errors import RuleViolation
from inbox.mime import LARGEST_MESSAGE
from inbox.models import InboundMail
from inbox.services import receive
from outbox import bell


class Command(BaseCommand):
    """Keep one message from standard input; a worker reads it. 0: kept, 65: no message, 75: try again later."""

    help = "Read one message (RFC 5322) from standard input: a calendar's reply, or an invitation for a group."
    requires_system_checks: Any = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient", default="", help="the envelope's recipient; else the message's header has it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST_MESSAGE + 1)
        try:
            receive(raw=raw, recipient=options["recipient"], source=InboundMail.Source.PIPE, now=timezone.now())
        except RuleViolation as refusal:
            raise CommandError(refusal.message, returncode=os.EX_DATAERR) from refusal
        except Error as error:
            raise CommandError(f"The database is away: {error}", returncode=os.EX_TEMPFAIL) from error
        bell.finish()
