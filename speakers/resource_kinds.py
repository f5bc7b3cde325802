"""What kind of thing a link leads to, as far as its title or its host says so; otherwise it is just a link."""

from __future__ import annotations

from urllib.parse import urlsplit

TITLES: dict[str, str] = {
    **dict.fromkeys(("slide", "slides", "deck", "slide deck", "幻灯片"), "slides"),
    **dict.fromkeys(("video", "recording", "视频"), "video"),
    **dict.fromkeys(("code", "source", "source code", "repository", "repo", "代码"), "code"),
    **dict.fromkeys(("paper", "论文"), "paper"),
    **dict.fromkeys(("photos", "照片"), "photos"),
    **dict.fromkeys(("notes", "笔记"), "notes"),
    **dict.fromkeys(("course", "课程"), "course"),
}
HOSTS: dict[str, str] = {
    **dict.fromkeys(("slideshare.net", "speakerdeck.com"), "slides"),
    **dict.fromkeys(("youtube.com", "youtu.be", "vimeo.com", "bilibili.com"), "video"),
    **dict.fromkeys(("github.com", "gitlab.com", "codeberg.org"), "code"),
    **dict.fromkeys(("arxiv.org", "openreview.net", "papers.nips.cc"), "paper"),
    **dict.fromkeys(("coursera.org", "udacity.com", "edx.org"), "course"),
}


def resource_kind(url: str, title: str = "") -> str:
    """A value of ResourceBase.Kind: what the whole title says counts more than the host; guesses nothing else."""
    said = TITLES.get(title.strip(" :：.").casefold())
    return said or HOSTS.get(_host(url)) or "link"


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
