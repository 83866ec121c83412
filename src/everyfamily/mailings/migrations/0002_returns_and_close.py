import django.db.models.deletion
import uuid
from django.db import migrations, models

from everyfamily.mailings.sql.security_sql import SQL_OF_RETURNS


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0001_initial'),
        ('people', '0002_rolls_and_former_urns'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mailing',
            name='returns_close_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='mailing',
            name='returns_due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='mailingschool',
            name='planned_decisions',
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='schoolreturn',
            name='doubts',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='schoolreturn',
            name='reasons',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='ledger',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='mailings.ledgerentry'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='deliveryevent',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='persontask',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='schoolreturn',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.CreateModel(
            name='ReturnLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.CharField(max_length=80)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by', models.CharField(max_length=80, null=True)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='return_link_school_id'), models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('mailing', 'school'), name='one_return_link_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='return_link_revoked_paired')],
            },
        ),
        migrations.CreateModel(
            name='ReturnReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('reference', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('status', models.CharField(default='created', max_length=20)),
                ('written_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='return_reminder_school_id'), models.UniqueConstraint(fields=('mailing', 'school', 'kind'), name='return_reminder_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['link', 'before', 'due', 'late'])), name='return_reminder_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown'])), name='return_reminder_status_known')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='one_attempt_per_contact_point',
        ),
        migrations.RemoveConstraint(
            model_name='deliveryevent',
            name='event_heard_once',
        ),
        migrations.AlterField(
            model_name='attempt',
            name='delivery',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='mailings.delivery'),
        ),
        migrations.AlterField(
            model_name='deliveryevent',
            name='attempt',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='mailings.attempt'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('delivery', 'option_key', 'school'), name='one_attempt_per_contact_point'),
        ),
        migrations.AddConstraint(
            model_name='deliveryevent',
            constraint=models.UniqueConstraint(fields=('attempt', 'status', 'occurred_at', 'school'), name='event_heard_once'),
        ),
        migrations.AddField(
            model_name='mailingschool',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mailingschool',
            name='paused_by',
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.AddConstraint(
            model_name='mailingschool',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', True), ('paused_by__isnull', True)), models.Q(('paused_at__isnull', False), ('paused_by__isnull', False)), _connector='OR'), name='mailing_school_paused_paired'),
        ),
        # In the migration that makes the tables, so that none was ever open.
        migrations.RunSQL(SQL_OF_RETURNS, migrations.RunSQL.noop),
    ]
