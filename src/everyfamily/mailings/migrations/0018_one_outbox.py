import uuid

import django.utils.timezone
from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0017_versions'),
        ('people', '0017_lowest_years'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='replyanswer',
            name='reply_answer_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='returnreminder',
            name='return_reminder_status_known',
        ),
        migrations.RemoveConstraint(
            model_name='schoolnotice',
            name='school_notice_status_known',
        ),
        migrations.AddField(
            model_name='replyanswer',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        # Before the next change, which writes the whole table again.
        migrations.RunSQL("UPDATE mailings_replyanswer SET changed_at = written_at", migrations.RunSQL.noop),
        migrations.AddField(
            model_name='replyanswer',
            name='reference',
            field=models.UUIDField(db_default=RandomUUID(), unique=True),
        ),
        migrations.AlterField(
            model_name='replyanswer',
            name='reference',
            field=models.UUIDField(default=uuid.uuid4, unique=True),
        ),
        migrations.AddConstraint(
            model_name='replyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='replyanswer_status_known'),
        ),
        migrations.AddConstraint(
            model_name='returnreminder',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='returnreminder_status_known'),
        ),
        migrations.AddConstraint(
            model_name='schoolnotice',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='schoolnotice_status_known'),
        ),
    ]
