"""What must never be true of lightning rounds is refused by PostgreSQL itself."""

import pytest
from django.db import IntegrityError, connection, transaction

from lightning.models import Talk
from tests.factories import BlockFactory, TalkFactory

pytestmark = pytest.mark.django_db


def test_positions_in_a_block_are_unique():
    block = BlockFactory()
    TalkFactory(block=block, position=0)
    with transaction.atomic():
        TalkFactory(block=block, position=0)
        with pytest.raises(IntegrityError, match="talk_positions_in_a_block_are_unique"):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_two_talks_change_places_within_one_transaction():
    block = BlockFactory()
    first, second = TalkFactory(block=block, position=0), TalkFactory(block=block, position=1)
    Talk.objects.filter(pk=first.pk).update(position=1)
    Talk.objects.filter(pk=second.pk).update(position=0)
    connection.check_constraints()
    assert list(block.talks.in_lineup()) == [second, first]


@pytest.mark.parametrize("state", ["submitted", "declined", "withdrawn", "stand_by"])
def test_only_accepted_talks_have_a_position(state):
    with pytest.raises(IntegrityError, match="only_accepted_talks_have_a_position"):
        TalkFactory(state=state, position=0)
