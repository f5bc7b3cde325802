"""A message that is part of a larger statement is the message that stands alone."""

from typing import Any

import pytest
from django.db import connection

from outbox.models import Message
from outbox.services import enqueue_message
from outbox.statements import insert_message_for_each, message_values
from outbox.writers import CalendarPart, Letter
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EVERYTHING = f"WITH one AS (SELECT), told AS ({insert_message_for_each('one')} RETURNING id) SELECT id FROM told"


def written(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The row as the statement writes it and as enqueue_message does, without what numbers them."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING, message_values(**fields))
    rows = Message.objects.values().filter(dedupe_key=fields["dedupe_key"])
    by_statement = rows.get()
    Message.objects.all().delete()
    enqueue_message(**fields)
    return [{name: value for name, value in row.items() if name != "id"} for row in (by_statement, rows.get())]


@pytest.mark.parametrize("has_all", [False, True])
def test_the_same_row_whichever_way(now, has_all):
    fields: dict[str, Any] = {"kind": "note", "dedupe_key": "doors:22:bo", "address": "bo@example.org", "now": now}
    letter = Letter("Doors open", "100 % at seven.\n", "<p>At seven.</p>", CalendarPart("REQUEST", b"BEGIN\r\n"))
    rest = {"recipient_id": UserFactory().pk, "payload": {"event": 22}, "scopes": ["reminders"], "group_id": 1}
    by_statement, alone = written(fields | {"letter": letter} | (rest if has_all else {}))
    assert by_statement == alone


def test_what_only_delivery_knows_cannot_be_given(now):
    with pytest.raises(TypeError):
        message_values(kind="note", dedupe_key="it", address="bo@example.org", now=now, attempts=3)
