"""Named reads of plans, queues and attendee lists."""
