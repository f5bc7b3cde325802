"""The order we do not use, for comparison: mark a mail as sent, then send it. `naive DATABASE_URL SMTP_PORT`."""

import smtplib
import sys

import psycopg

TAKE = """
UPDATE outbox_message SET state = 'sent', finished_at = now()
WHERE id = (SELECT id FROM outbox_message WHERE state = 'pending' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING address, message_id
"""


def main(database: str, port: int) -> None:
    """Send what is pending until nothing is."""
    with psycopg.connect(database, autocommit=True) as rows, smtplib.SMTP("127.0.0.1", port) as line:
        while taken := rows.execute(TAKE).fetchone():
            address, message_id = taken
            line.sendmail("hello@lectern.example", [address], f"Message-ID: {message_id}\n\nCome early.\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
