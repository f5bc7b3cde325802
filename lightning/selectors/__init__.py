"""Named reads of lightning blocks and talks; the public has doors of its own."""
