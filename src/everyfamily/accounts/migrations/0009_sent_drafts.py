from django.db import migrations, models

from everyfamily.accounts.sql.sent_drafts_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_signatory_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_account', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('of', models.PositiveIntegerField(default=0)),
                ('cancel_asked_at', models.DateTimeField(null=True)),
                ('failed_code', models.CharField(blank=True, max_length=8)),
                ('failed_fact', models.CharField(blank=True, max_length=200)),
                ('seen_at', models.DateTimeField(null=True)),
                ('seen_by', models.CharField(blank=True, max_length=80)),
                ('draft_id', models.BigIntegerField()),
                ('ways', models.JSONField(default=list)),
                ('languages', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'working', 'done', 'failed', 'cancelled'])), name='sentdraft_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), models.Q(models.Q(('state__in', ['cancelled', 'done', 'failed']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='sentdraft_ends_once'), models.CheckConstraint(condition=models.Q(('state', 'failed'), ('failed_code', ''), _connector='XOR'), name='sentdraft_fails_with_a_code'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('of'))), name='sentdraft_not_beyond_its_end'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'working'])), fields=('asked_account',), name='one_sent_draft_at_a_time')],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
