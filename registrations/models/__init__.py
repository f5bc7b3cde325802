"""What can never be false about seats, questions and registrations."""

from registrations.models.door import CheckIn
from registrations.models.plan import Invitation, Place, Question, RegistrationPlan, Seats
from registrations.models.registration import Answer, Registration, RegistrationChange
from registrations.models.series import SeriesRegistration

__all__ = [
    "Answer",
    "CheckIn",
    "Invitation",
    "Place",
    "Question",
    "Registration",
    "RegistrationChange",
    "RegistrationPlan",
    "Seats",
    "SeriesRegistration",
]
