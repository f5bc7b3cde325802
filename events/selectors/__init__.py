"""Named reads of groups, events and programmes; the public has doors of its own."""
