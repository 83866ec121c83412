from django.db import migrations, models

from everyfamily.mailings.sql import to_tell_sql


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0009_whose_task'),
        ('people', '0009_ways_without_what_closes_them'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='persontask',
            name='task_kind_known',
        ),
        migrations.RunSQL(to_tell_sql.SQL, to_tell_sql.BACK),
        migrations.AddConstraint(
            model_name='persontask',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['restriction', 'to tell', 'attestation', 'unknown attempt', 'paused', 'hand-out', 'bin copies'])), name='task_kind_known'),
        ),
    ]
