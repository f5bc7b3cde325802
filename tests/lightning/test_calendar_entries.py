"""Talks as calendar entries."""

import pytest

from events.models import Event, Session
from lightning.calendar_entries import talk_entry
from lightning.models import Block, Talk


@pytest.mark.parametrize("position", [None, 0])
def test_a_talk_without_a_place_or_a_time_has_no_entry(position: int | None) -> None:
    talk = Talk(block=Block(session=Session(event=Event())), position=position)
    assert talk_entry(talk, site_url="") is None
