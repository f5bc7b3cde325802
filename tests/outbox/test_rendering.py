"""Words of mails."""

from pathlib import Path

import pytest
from django.utils import translation

from outbox.rendering import render_letter

GOLDEN = Path(__file__).parent.parent / "golden" / "mails"
KINDS = ["account_email_confirmation", "account_login_code", "account_password_reset_key", "account_unknown_account"]
VALUES = {
    "code": "123456",
    "minutes": 15,
    "password_reset_url": "https://lectern.example/accounts/password/reset/key/1-key/",
    "sign_in_url": "https://lectern.example/accounts/login/code/",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_reads_as_it_was_agreed(kind: str) -> None:
    with translation.override("en"):
        letter = render_letter(kind, VALUES)

    assert f"{letter.subject}\n\n{letter.text}" == (GOLDEN / f"{kind}.txt").read_text()
    assert letter.html == (GOLDEN / f"{kind}.html").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_holds_no_pictures_and_nothing_from_elsewhere(kind: str) -> None:
    html = render_letter(kind, VALUES).html

    assert [word for word in ("<img", "<script", "<link", "url(", "@import", "http://") if word in html] == [
        "http://"  # the name of XHTML's namespace
    ]
    assert html.count("http://") == 1


def test_values_cannot_write_html() -> None:
    letter = render_letter("account_login_code", VALUES | {"code": "<b>1&2</b>"})

    assert "    <b>1&2</b>\n" in letter.text
    assert "&lt;b&gt;1&amp;2&lt;/b&gt;" in letter.html
