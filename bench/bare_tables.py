"""The least an RSVP needs: what the plain ways of bench/rsvp.py write to."""

from django.db import models


class BareEvent(models.Model):
    """How many seats, and how many are taken."""

    capacity = models.IntegerField()
    taken = models.IntegerField()

    class Meta:
        managed = False
        app_label = "bench"
        db_table = "bench_event"

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity}"


class BareRsvp(models.Model):
    """Who comes."""

    event = models.ForeignKey(BareEvent, models.CASCADE)
    person = models.BigIntegerField()
    state = models.TextField()
    created = models.DateTimeField()

    class Meta:
        managed = False
        app_label = "bench"
        db_table = "bench_rsvp"

    def __str__(self) -> str:
        return f"{self.person}"
