from django.db import migrations, models

from everyfamily.mailings.sql.security_sql import WHOSE_TASK


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0008_published_views'),
        ('people', '0009_ways_without_what_closes_them'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='started_account',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='mailingtask',
            name='owner_account',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='mailingtask',
            name='owner_role',
            field=models.CharField(db_default='coordinator', max_length=12),
        ),
        migrations.AddField(
            model_name='persontask',
            name='owner_account',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='persontask',
            name='owner_role',
            field=models.CharField(db_default='lead', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='mailingtask',
            constraint=models.CheckConstraint(condition=models.Q(('owner_role__in', ['coordinator'])), name='mailing_task_owner_role_known'),
        ),
        migrations.AddConstraint(
            model_name='persontask',
            constraint=models.CheckConstraint(condition=models.Q(('owner_role__in', ['lead', 'coordinator'])), name='task_owner_role_known'),
        ),
        migrations.RunSQL(WHOSE_TASK, migrations.RunSQL.noop),
    ]
