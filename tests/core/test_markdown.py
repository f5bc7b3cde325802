"""Markdown harms nobody."""

import pytest

from core.markdown import markdown_to_html, markdown_to_text


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        ("# Big", "<h2>Big</h2>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://example.org/x.png)", "<p></p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_what_people_write_becomes_safe_html(written, html):
    assert markdown_to_html(written).strip() == html


@pytest.mark.parametrize("scheme", ["feed:javascript:alert(1)", "blob:x", "data:text/html,x", "vbscript:x"])
def test_only_web_and_mail_addresses_become_links(scheme):
    assert "href" not in markdown_to_html(f"[x]({scheme})")


def test_a_link_tells_search_engines_and_opened_pages_nothing():
    assert markdown_to_html("[x](https://example.org/)").strip() == (
        '<p><a href="https://example.org/" rel="noopener nofollow ugc">x</a></p>'
    )


def test_the_words_alone_stand_on_one_line():
    assert markdown_to_text("# Title\n\n- *one*\n- [two](https://example.org)") == "Title one two"
