"""Which changes of a talk matter to calendars; pure values, no database."""

SIGNIFICANT_FOR_TALKS = frozenset({"position"})
