"""What somebody may unsubscribe from: the reminders of one group, or all of them."""

ALL_REMINDERS = "reminders"
_OF_GROUP = "reminders:group:"


def reminders_of(group_id: int) -> str:
    """The scope of reminders about one group's events."""
    return f"{_OF_GROUP}{group_id}"


def group_in(scope: str) -> int | None:
    """The group whose reminders a scope is about; None for any other scope."""
    number = scope.removeprefix(_OF_GROUP)
    return int(number) if number != scope and number.isascii() and number.isdigit() and len(number) < 19 else None
