"""Five minutes on stage: blocks of lightning talks."""
