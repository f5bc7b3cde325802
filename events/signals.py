"""News that other rooms of the house may want; sent inside the transaction, so that all happens or nothing does.

Every signal carries `event` (the Event) and `now` (an aware datetime); `event_moved` also `changed`, the names of the
fields that moved.
"""

from django.dispatch import Signal

event_published = Signal()
event_moved = Signal()
event_cancelled = Signal()
