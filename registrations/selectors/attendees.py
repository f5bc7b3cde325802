"""Who is registered for an event, as its organisers read it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from events.models import Event
from registrations.models import Answer, Registration
from registrations.selectors.people import with_queue_position


def with_answers(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    """Each with `answer_list` [{question, value}], in the same query."""
    answers = Answer.objects.filter(registration=OuterRef("pk")).order_by("question")
    listed = ArraySubquery(answers.values(each=JSONObject(question="question_id", value="value")))
    return registrations.annotate(answer_list=listed)


def attendee_rows(event: Event) -> QuerySet[Any]:
    """Everybody who ever registered, the first first, each with `answer_list` [{question, value}]; one query."""
    rows = with_answers(with_queue_position(Registration.objects.filter(event=event)))
    return rows.select_related("user").order_by("created_at", "pk")
