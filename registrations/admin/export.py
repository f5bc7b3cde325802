"""The attendee list as CSV: one line a person, streamed, safe to open in a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.spreadsheets import csv_lines
from events.models import Event
from registrations.models import Place, Question, Registration
from registrations.selectors.attendees import attendee_rows

CHUNK = 1000


def attendees_csv(event: Event) -> StreamingHttpResponse:
    """All registrations of the event, whatever became of them; two queries for any number."""
    lines = csv_lines(_table(event, list(Question.objects.filter(plan__event=event)), headings()))
    name = f"attendees-{event.slug}.csv"
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def headings() -> list[str]:
    """In the reader's language, and read now: the stream may be sent when nobody speaks it any more."""
    return [
        _("Name"),
        _("Email"),
        _("State"),
        pgettext("room or online", "Place"),
        _("Guests"),
        _("Place on the waitlist"),
        _("Registered at"),
        _("Reconfirmed at"),
        _("Came by"),
    ]


def _table(event: Event, questions: list[Question], first: list[str]) -> Iterator[list[object]]:
    words = {
        "state": {value: str(label) for value, label in Registration.State.choices},
        "place": {value: str(label) for value, label in Place.choices},
        "source": {value: str(label) for value, label in Registration.Source.choices},
    }
    return _lines(event, questions, first, words)


def _lines(
    event: Event, questions: list[Question], first: list[str], words: dict[str, dict[str, str]]
) -> Iterator[list[object]]:
    yield [*first, *(question.text for question in questions)]
    for row in attendee_rows(event).iterator(chunk_size=CHUNK):
        answers = {answer["question"]: answer["value"] for answer in row.answer_list}
        yield [*_facts(event, row, words), *(answers.get(question.pk, "") for question in questions)]


def _facts(event: Event, row: Any, words: dict[str, dict[str, str]]) -> list[object]:
    """Times by the event's clock, as spreadsheets read them."""
    times = [instant and f"{instant.astimezone(event.zone):%Y-%m-%d %H:%M}" for instant in _instants(row)]
    return [
        row.name,
        row.user.email if row.user else None,
        words["state"][row.state],
        words["place"][row.place],
        row.guests,
        row.queue_position,
        *times,
        words["source"][row.source],
    ]


def _instants(row: Any) -> tuple[Any, Any]:
    return row.created_at, row.reconfirmed_at
