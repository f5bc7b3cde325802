"""Delivery: take due messages, hand them to the mail server, write down what became of them."""

from outbox.delivery.loop import deliver, drain, sweep

__all__ = ("deliver", "drain", "sweep")
