"""A process that is killed in the middle of a command."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from lightning.models import Stage, StageLog
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from tests.factories.lightning import BlockFactory, TalkFactory

ROOT = Path(__file__).parents[2]
DIES = """
import datetime as dt, sys, time
import django
django.setup()
from django.db import transaction
from lightning.models import Block, Talk
from lightning.services.stage import command_stage
from lightning.stage_round import Command
with transaction.atomic():
    now = dt.datetime.fromisoformat(sys.argv[2])
    block = Block.objects.get(pk=sys.argv[1])
    command_stage(block=block, command=Command.NEXT, version=1, now=now)
    print(Talk.objects.filter(state="given").count(), flush=True)
    time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_a_command_that_was_not_committed_never_was(now: dt.datetime) -> None:
    block = BlockFactory()
    first = TalkFactory(block=block)
    command_stage(block=block, command=Command.START, version=0, now=now)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    arguments = [sys.executable, "-c", DIES, str(block.pk), now.isoformat()]
    settings = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(arguments, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen_inside = process.stdout.readline()
        process.kill()
    assert seen_inside == b"1\n"  # it had written, and held the round
    first.refresh_from_db()
    stage = Stage.objects.get()
    assert (stage.state, stage.version, first.state, StageLog.objects.count()) == ("on", 1, "confirmed", 1)
    again = command_stage(block=block, command=Command.NEXT, version=1, now=now + dt.timedelta(minutes=5))
    first.refresh_from_db()
    assert (again.state, again.version, first.state) == ("finished", 2, "given")
