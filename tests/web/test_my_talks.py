"""Talks on my page: each leads to where it is edited."""

import re

from django.test import Client

from accounts.models import User
from tests.factories import BlockFactory, EventFactory, SpeakerFactory, TalkFactory


def test_each_leads_to_where_it_is_edited_whatever_was_decided(as_bo: Client, bo: User) -> None:
    event = EventFactory(slug="evening", title="Evening")
    block = BlockFactory(session__event=event)
    speaker = SpeakerFactory(name="Bo", user=bo)
    TalkFactory(block=block, title="Proposed", state="submitted", proposed_by=bo)
    TalkFactory(block=block, title="Not this time", state="declined", proposed_by=bo)
    TalkFactory(block=block, title="With a slot", speakers=[speaker])
    TalkFactory(block=block, title="Taken back", state="withdrawn", proposed_by=bo)
    TalkFactory(block=block, title="Somebody else’s")
    html = as_bo.get("/me/").content.decode()
    part = html[html.index('id="hand-h"') :].split("</section>")[0]
    rows = re.findall(r'<a href="(/p/[^"]+)"[^>]*>([^<]+)</a>', part)
    assert [title for _path, title in rows] == ["With a slot", "Not this time", "Proposed"]
    assert [as_bo.get(path).status_code for path, _title in rows] == [200] * 3


def test_who_never_proposed_anything_reads_nothing_of_it(as_bo: Client) -> None:
    assert "My lightning talks" not in as_bo.get("/me/").content.decode()
