"""RSVP with name and e-mail alone: the answer is the same whoever the address belongs to, the rest is in the mail."""

import datetime as dt

from django.db import transaction

from accounts.names import clean_name
from accounts.services import account_for_address
from core.errors import RuleViolation
from registrations.models import RegistrationPlan
from registrations.services.answers import checked_answers
from registrations.services.registering import register
from registrations.services.wishes import Wish


def ask_by_email(*, plan: RegistrationPlan, email: str, language: str, wish: Wish, now: dt.datetime) -> None:
    """Queue the mail that proves the address; raises RuleViolation for what is wrong with the wish itself.

    An address that was not invited gets no mail, and nobody learns it from the answer: hence nothing is returned,
    and the answers are looked at before the list of invited people is.
    """
    name = clean_name(wish.name)
    checked_answers(plan, wish.answers)
    try:
        with transaction.atomic():
            user = account_for_address(email=email, name=name, language=language)
            register(plan=plan, user=user, wish=wish, is_proven=False, now=now)
    except RuleViolation as refusal:
        if refusal.code != "invitation_only":
            raise
