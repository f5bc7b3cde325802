"""What can never be false about speakers, topics and resources."""

from speakers.models.resources import ResourceBase
from speakers.models.speaker import Affiliation, Speaker, SpeakerLink
from speakers.models.topic import Topic

__all__ = ["Affiliation", "ResourceBase", "Speaker", "SpeakerLink", "Topic"]
