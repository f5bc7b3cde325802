"""The demo's letter box."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.demo_site")]


@pytest.fixture
def box(tmp_path: Path, settings: Settings) -> Path:
    """The folder where the mail catcher puts what it catches."""
    settings.DEMO_MAIL_DIR = str(tmp_path)
    return tmp_path


def put(box: Path, name: str, **changes: str) -> None:
    words = {
        "subject": "Your sign-in code",
        "text": "Enter it:\n\n    123456\n\nSoon.\n",
        "html": "<p>123456</p>",
    } | changes
    mail = EmailMultiAlternatives(
        words["subject"], words["text"], "Lectern <hello@lectern.example>", ["bo@example.org"]
    )
    mail.attach_alternative(words["html"], "text/html")
    mail.attach("../talk.ics", "BEGIN:VCALENDAR", "text/calendar")
    (box / name).write_bytes(mail.message().as_bytes(linesep="\r\n"))


def test_an_empty_box_says_so(client: Client, box: Path) -> None:
    page = client.get("/demo/mail/")

    assert (page.status_code, "No mail yet." in page.content.decode()) == (200, True)


def test_a_folder_that_is_not_there_yet_is_an_empty_box(client: Client, settings: Settings) -> None:
    settings.DEMO_MAIL_DIR = "/nowhere/at/all"

    assert client.get("/demo/mail/").status_code == 200


def test_the_newest_mail_stands_first_with_its_code(client: Client, box: Path) -> None:
    put(box, "20261117T180000.000001-0001.eml", subject="First", text="No code here, only 654321 in a line.")
    put(box, "20261117T180001.000001-0002.eml", subject="Second")
    (box / "20261117T180002.000001-0003.part").write_text("half a mail")

    page = client.get("/demo/mail/").content.decode()

    assert page.index("Second") < page.index("First")
    assert page.count('<strong class="mails__code">') == 1
    assert '<strong class="mails__code">123456</strong>' in page


def test_a_mail_shows_its_head_its_text_and_its_html_in_a_frame(client: Client, box: Path) -> None:
    put(box, "a.eml", text="<b>Hello</b>\n\n    123456\n")

    page = client.get("/demo/mail/a.eml/").content.decode()

    for words in ("Lectern &lt;hello@lectern.example&gt;", "bo@example.org", '<p class="mail__code">123456</p>'):
        assert words in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert 'src="/demo/mail/a.eml/html/"' in page


def test_the_html_of_a_mail_may_style_itself_and_nothing_else(client: Client, box: Path) -> None:
    put(box, "a.eml", html="<html><head></head><p style='color: red'>Hello</p><script>alert(1)</script></html>")

    answer = client.get("/demo/mail/a.eml/html/")

    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert b'<head><base target="_blank"></head>' in answer.content


def test_an_attachment_is_saved_under_a_harmless_name(client: Client, box: Path) -> None:
    put(box, "a.eml")

    answer = client.get("/demo/mail/a.eml/attachments/1/")

    assert answer.content == b"BEGIN:VCALENDAR"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="talk.ics"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert client.get("/demo/mail/a.eml/attachments/2/").status_code == 404


def test_the_source_is_plain_text(client: Client, box: Path) -> None:
    put(box, "a.eml")

    answer = client.get("/demo/mail/a.eml/source/")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert b"Subject: Your sign-in code\r\n" in answer.content


@pytest.mark.parametrize(
    "name",
    [
        "b.eml",
        "..%2Fsecret.eml",
        "%2e%2e",
        "....eml",
        "link.eml",
        "a.txt",
        "a.eml%00",
        "%2Fetc%2Fpasswd",
        "x" * 300 + ".eml",
    ],
)
@pytest.mark.parametrize("part", ["", "html/", "source/", "attachments/1/"])
def test_only_our_own_files_are_read(client: Client, box: Path, name: str, part: str) -> None:
    (box / "a.txt").write_text("secret")
    (box.parent / "secret.eml").write_text("Subject: secret\r\n\r\n")
    (box / "link.eml").symlink_to(box.parent / "secret.eml")

    assert client.get(f"/demo/mail/{name}/{part}").status_code in (400, 404)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?utf-8?q?=ff?=\r\nDate: nonsense\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=klingon\r\n\r\nHello",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"From: " + b"<" * 5000 + b"\r\n\r\n",
    ],
)
def test_a_mail_that_is_none_is_shown_as_far_as_it_goes(client: Client, box: Path, source: bytes) -> None:
    (box / "a.eml").write_bytes(source)

    assert [client.get(f"/demo/mail/{rest}").status_code for rest in ("", "a.eml/", "a.eml/html/")] == [200, 200, 200]


def test_the_letter_box_is_only_read(client: Client, box: Path) -> None:
    assert client.post("/demo/mail/").status_code == 405


@pytest.mark.urls("config.urls")
def test_a_site_that_is_no_demo_has_no_letter_box(client: Client) -> None:
    assert client.get("/demo/mail/").status_code == 404
