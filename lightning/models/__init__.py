"""What can never be false about lightning rounds, from the call to the applause."""

from lightning.models.audience import Applause, Feedback
from lightning.models.block import Block
from lightning.models.call import Call, Draw, SlotOffer
from lightning.models.deck import Deck
from lightning.models.stage import Stage, StageLink, StageLog
from lightning.models.talk import Talk, TalkResource, TalkSpeaker

__all__ = [
    "Applause",
    "Block",
    "Call",
    "Deck",
    "Draw",
    "Feedback",
    "SlotOffer",
    "Stage",
    "StageLink",
    "StageLog",
    "Talk",
    "TalkResource",
    "TalkSpeaker",
]
