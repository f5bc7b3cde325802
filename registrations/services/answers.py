"""Questions and what people answer to them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.text import clean_line
from registrations.models import Answer, Question, Registration, RegistrationPlan

LONGEST = 500


def checked_answers(plan: RegistrationPlan, given: Mapping[int, str]) -> dict[Question, str]:
    """The answers by question; raises RuleViolation on the field `question-<id>` of the first wrong one."""
    questions = {question.pk: question for question in plan.questions.all()}
    unknown = sorted(set(given) - set(questions))
    if unknown:
        raise RuleViolation(
            "question_unknown",
            _("This event asks no such question. Load the page again."),
            field=f"question-{unknown[0]}",
        )
    return {question: value for pk, question in questions.items() if (value := checked(question, given.get(pk, "")))}


def checked(question: Question, given: str) -> str:
    """One answer on one line; empty when nothing was said and nothing had to be."""
    value = clean_line(given)
    field = f"question-{question.pk}"
    if question.is_required and not value:
        raise RuleViolation("answer_missing", _("This needs an answer."), field=field)
    if len(value) > LONGEST:
        raise RuleViolation("answer_too_long", _("This is longer than 500 characters. Shorten it."), field=field)
    if value and value not in allowed(question, value):
        raise RuleViolation("answer_unknown", _("Choose one of the answers offered."), field=field)
    return value


def allowed(question: Question, value: str) -> list[str]:
    """What may be said; any text when the question is open."""
    return {
        Question.Kind.TEXT.value: [value],
        Question.Kind.CHOICE.value: question.choices,
        Question.Kind.YES_NO.value: ["yes", "no"],
    }[question.kind]


def store_answers(registration: Registration, answers: Mapping[Question, str]) -> None:
    """Write them down, in place of what was answered before."""
    if not answers:
        return
    Answer.objects.filter(registration=registration).delete()
    Answer.objects.bulk_create(Answer(registration=registration, question=q, value=v) for q, v in answers.items())
