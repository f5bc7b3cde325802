"""Events to come get the reminders that new events are made with."""

from django.db import migrations
from django.db.models.functions import Now

DEFAULTS = (
    {"audience": "going", "days": 7},
    {"audience": "going", "days": 1},
    {"audience": "going", "minutes": 60},
    {"audience": "speakers", "days": 7},
    {"audience": "speakers", "days": 1},
    {"audience": "hosts", "days": 1},
)


def give(apps, schema_editor):
    """To those that have none."""
    event, step = apps.get_model("events", "Event"), apps.get_model("events", "ReminderStep")
    to_come = event.objects.filter(starts_at__gt=Now(), reminder_steps=None)
    for pk in to_come.values_list("pk", flat=True).iterator():
        step.objects.bulk_create([step(event_id=pk, **fields) for fields in DEFAULTS])


class Migration(migrations.Migration):
    dependencies = [("events", "0002_mail_and_calendars")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=True)]
