"""Which changes matter to calendars, and which steps an event's status may take; pure values, no database."""

# A change of one of these asks every calendar to look again (RFC 5545 3.8.7.4, RFC 5546 2.1.4)
SIGNIFICANT_FOR_EVENTS = frozenset({"starts_at", "ends_at", "time_zone", "venue", "format", "status"})
SIGNIFICANT_FOR_SESSIONS = frozenset({"starts_at", "minutes", "room", "status"})

STATUS_STEPS: dict[str, frozenset[str]] = {
    "draft": frozenset({"published"}),
    "published": frozenset({"postponed", "cancelled"}),
    "postponed": frozenset({"published", "cancelled"}),
    "cancelled": frozenset({"published"}),
}


def is_significant(changed: set[str], significant: frozenset[str], *, was_public: bool) -> bool:
    """Whether SEQUENCE rises: only for what somebody may hold in a calendar already."""
    return was_public and bool(changed & significant)


def may_step(before: str, after: str) -> bool:
    """Whether an event's status may change so; a published event never becomes a draft again."""
    return after in STATUS_STEPS[before]
