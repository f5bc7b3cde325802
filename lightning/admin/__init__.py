"""The admin pages of lightning rounds, and of speakers, whose rights depend on sessions and talks alike."""

from lightning.admin import blocks, speakers, stage, talks

__all__ = ["blocks", "speakers", "stage", "talks"]
