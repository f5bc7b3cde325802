"""The catalogue of refusals: each code a registration may be refused with, and what it means to a program."""

from collections.abc import Iterable

from drf_spectacular.utils import OpenApiResponse

REFUSALS = {
    "no_rsvp": "the event takes no RSVP here",
    "registration_not_yet": "RSVP has not opened; see `rsvp.opens_at` of the event",
    "registration_closed": "RSVP is closed; `detail` says why",
    "registration_over": "the event is over",
    "registration_cancelled": "the event is cancelled",
    "registration_postponed": "the event is postponed",
    "registration_draft": "the event is not published",
    "invitation_only": "the event is for invited people",
    "person_gone": "the account was deleted in the meantime",
    "wrong_state": "not possible in the state the registration is in",
    "offer_expired": "nobody answered the offer in time",
    "too_many_stars": "there are 500 stars already",
    "full": "the party does not fit",
    "busy": "the same is being changed elsewhere; try again",
    "idempotency_key_in_use": "a request with this key is being answered; see Retry-After",
}
WINDOW = tuple(code for code in REFUSALS if code.startswith("registration_"))
REGISTERING = ("no_rsvp", *WINDOW, "invitation_only", "person_gone", "busy", "idempotency_key_in_use")
CHANGING = ("wrong_state", "offer_expired", "registration_over")
STARRING = ("too_many_stars",)
DECIDING = ("wrong_state", "full", "busy", "idempotency_key_in_use")


def conflicts(codes: Iterable[str]) -> OpenApiResponse:
    """The answer 409 of an operation, with its codes."""
    told = "\n".join(f"- `{code}`: {REFUSALS[code]}" for code in codes)
    return OpenApiResponse(description=f"Not possible as things stand. `code` says why:\n\n{told}")
