"""What mail servers send back, as they write it (RFC 3464)."""

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <{id}@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.
Status: 2.0.0 is not for this line.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Tue, 17 Nov 2026 18:00:00 +0000 (UTC)

{recipients}

--b1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Lectern <noreply@lectern.example>
To: bo@example.org
Subject: Tomorrow

See you.
--b1--
"""
UNKNOWN = """\
Final-Recipient: rfc822; bo@example.org
Original-Recipient: rfc822;bo@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <bo@example.org>: Recipient address rejected:
    User unknown in virtual mailbox table"""


def report(recipients: str = UNKNOWN, to: str = "bounce+1.0@lectern.example", number: int = 1) -> bytes:
    """A bounce to this return address."""
    return REPORT.format(to=to, id=number, recipients=recipients).encode()
