"""When each talk of a round is likely to begin, as things went so far; from what was recorded, without a clock."""
