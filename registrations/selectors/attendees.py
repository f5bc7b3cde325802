"""Who is registered for an event, as its organisers read it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from events.models import Event
from registrations.models import Answer, Registration
from registrations.states import State


def with_queue_position(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    """Each with `queue_position`: 1 for who is next, None for who does not wait.

    The whole queue counts, however the rows are filtered; the order is that of registrations.rules.queue_order.
    """
    earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), pk__lte=OuterRef("pk"))
    queue = Registration.objects.filter(state=State.WAITING, event=OuterRef("event"), place=OuterRef("place"))
    ahead = queue.filter(Q(priority__gt=OuterRef("priority")) | Q(priority=OuterRef("priority")) & earlier)
    number = ahead.order_by().values("event").annotate(count=Count("pk")).values("count")
    return registrations.annotate(queue_position=Case(When(state=State.WAITING, then=Subquery(number))))


def with_answers(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    """Each with `answer_list` [{question, value}], in the same query."""
    answers = Answer.objects.filter(registration=OuterRef("pk")).order_by("question")
    listed = ArraySubquery(answers.values(each=JSONObject(question="question_id", value="value")))
    return registrations.annotate(answer_list=listed)


def attendee_rows(event: Event) -> QuerySet[Any]:
    """Everybody who ever registered, the first first, each with `answer_list` [{question, value}]; one query."""
    rows = with_answers(with_queue_position(Registration.objects.filter(event=event)))
    return rows.select_related("user").order_by("created_at", "pk")
