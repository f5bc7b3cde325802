"""What an e-mail address alone can ask for: the answer is the same whoever it belongs to, the rest is in the mail."""

import datetime as dt

from django.db import transaction

from accounts.names import clean_name
from accounts.selectors import user_with_email
from accounts.services import account_for_address
from core.errors import RuleViolation
from events.models import Event
from registrations import notifications
from registrations.models import RegistrationPlan
from registrations.selectors.people import registration_for
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


def mail_link(*, event: Event, email: str, now: dt.datetime) -> None:
    """Send the link to their registration to whoever has one, once a day and after each change; else nothing."""
    user = user_with_email(email)
    registration = registration_for(event, user) if user else None
    if registration is not None:
        notifications.confirmation_asked(registration, now=now)
