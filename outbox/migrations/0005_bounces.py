from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # mail is written while the index is made

    dependencies = [
        ('outbox', '0004_mail_and_calendars'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='bounce',
            field=models.CharField(blank=True, db_default='', default='', help_text='Status of RFC 3463; empty: it did not.', max_length=11, verbose_name='came back as'),
        ),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('bounce', ''), _negated=True), fields=['address'], name='message_bounced'),
        ),
    ]
