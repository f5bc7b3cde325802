"""A link's kind is what its title or its host says, and nothing is guessed beyond that."""

import pytest

from speakers.models import ResourceBase
from speakers.resource_kinds import HOSTS, TITLES, resource_kind


@pytest.mark.parametrize(
    ("url", "title", "kind"),
    [
        ("https://www.slideshare.net/inureyes/chat-bot", "Slide", "slides"),
        ("https://www.slideshare.net/inureyes/chat-bot", "", "slides"),
        ("https://github.com/mdda/deep-learning-workshop", "github", "code"),
        ("https://github.com/mdda/deck", "Slides:", "slides"),
        ("https://arxiv.org/pdf/1709.06680.pdf", "", "paper"),
        ("https://youtu.be/x", "watch", "video"),
        ("https://www.tensorflow.org/tutorials/recurrent", "", "link"),
        ("https://mygithub.com/x", "", "link"),
        ("https://github.com.evil.example/x", "", "link"),
        ("http://[", "", "link"),
        ("https://vimeo.com/1", "Slides and video", "video"),
    ],
)
def test_title_before_host_before_nothing(url: str, title: str, kind: str) -> None:
    assert resource_kind(url, title) == kind


def test_every_kind_is_one_the_database_knows() -> None:
    assert {*TITLES.values(), *HOSTS.values()} - set(ResourceBase.Kind.values) == set()
