import django.db.models.deletion
from django.db import migrations, models

from everyfamily.partnership.sql.append_only_sql import SQL


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('drawings', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('asked_by', models.CharField(blank=True, default='', max_length=80)),
                ('asked_account', models.BigIntegerField(null=True)),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='partnership.version')),
            ],
            options={
                'db_table': 'partnership_version',
                'constraints': [
                    models.UniqueConstraint(fields=('previous',), name='version_follows_once', nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('drawings', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('needs_second', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_account', models.BigIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=80)),
                ('ended_account', models.BigIntegerField(null=True)),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.version')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.version')),
            ],
            options={
                'db_table': 'partnership_proposal',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('base',), name='proposal_once_while_open', nulls_distinct=False),
                ],
            },
        ),
        # From the first migration, so that no version was ever open to change.
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
