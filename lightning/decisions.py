"""What organisers may decide about a talk, by its state; what has been on stage is the stage's to say."""

DECISIONS: dict[str, tuple[str, ...]] = {
    "submitted": ("accepted", "stand_by", "declined"),
    "stand_by": ("accepted", "declined", "submitted"),
    "accepted": ("confirmed", "stand_by", "declined", "submitted"),
    "confirmed": ("stand_by", "declined", "submitted"),
    "declined": ("accepted", "stand_by", "submitted"),
    "withdrawn": ("submitted",),
}


def decisions_on(state: str) -> tuple[str, ...]:
    """The states an organiser may choose, the likeliest first."""
    return DECISIONS.get(state, ())
