"""What can never be false about lightning blocks and talks."""

from lightning.models.block import Block
from lightning.models.talk import Talk, TalkResource, TalkSpeaker

__all__ = ["Block", "Talk", "TalkResource", "TalkSpeaker"]
