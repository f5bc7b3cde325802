"""News that other rooms of the house may want; sent inside the transaction, so that all happens or nothing does.

Every signal carries `event` (the Event) and `now` (an aware datetime); `event_moved` also `changed`, the names of the
fields that moved. `invite_answered` carries `invite` (the CalendarInvite, its row locked), `partstat` (as in RFC 5545
3.2.12), `comment`, `stamped_at` (the answer's DTSTAMP) and `now`.
"""

from django.dispatch import Signal

event_published = Signal()
event_moved = Signal()
event_cancelled = Signal()
invite_answered = Signal()
