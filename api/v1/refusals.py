"""The catalogue of refusals: each code a registration or a command may be refused with, and what it means."""

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
ON_STAGE = {
    "stale_version": "the stage has moved on since that version, or another talk is on or next",
    "nobody_on": "no talk is on stage",
    "already_on": "a talk is on stage",
    "is_paused": "the clock is paused",
    "not_paused": "the clock is not paused",
    "is_over": "the round is over",
    "nothing_before": "the round has not begun",
    "nobody_left": "nobody is left in the running order",
    "no_time_left": "the talk has no minute left to take",
    "not_on_stand_by": "this talk does not stand by",
    "nothing_to_undo": "no command is left to undo",
    "changed_since": "an organiser has changed since what the last command changed",
}
WINDOW = tuple(code for code in REFUSALS if code.startswith("registration_"))
REGISTERING = ("no_rsvp", *WINDOW, "invitation_only", "person_gone", "busy", "idempotency_key_in_use")
CHANGING = ("wrong_state", "offer_expired", "registration_over")
STARRING = ("too_many_stars",)
DECIDING = ("wrong_state", "full", "busy", "idempotency_key_in_use")


def conflicts(codes: Iterable[str]) -> OpenApiResponse:
    """The answer 409 of an operation, with its codes."""
    told = "\n".join(f"- `{code}`: {(REFUSALS | ON_STAGE)[code]}" for code in codes)
    return OpenApiResponse(description=f"Not possible as things stand. `code` says why:\n\n{told}")
