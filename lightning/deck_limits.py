"""How large slides may be, and how long opening them may take."""

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 100
MOST_PIXELS = 50_000_000
KEPT_PIXELS = 12_000_000  # of a picture; a screen with 3840 x 2160 shows 8 million
THUMBNAIL = (960, 1280)
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 15
