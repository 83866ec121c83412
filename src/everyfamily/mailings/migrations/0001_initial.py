import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.db import migrations, models

from everyfamily.mailings.sql.security_sql import SQL


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procrastinate', '0041_post_retry_failed_job'),
        ('letters', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_hash', models.BinaryField()),
                ('channel', models.CharField(max_length=10)),
                ('reference', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('status', models.CharField(default='created', max_length=20)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('changed_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'text', 'post', 'pupil post'])), name='ledger_channel_known'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown'])), name='ledger_status_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='planned', max_length=14)),
                ('next_look_at', models.DateTimeField(null=True)),
                ('planned_at', models.DateTimeField()),
                ('parent', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='people.parent')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='delivery_school_id'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'on its way', 'reached', 'accepted', 'told by text', 'unknown', 'returned', 'failed', 'no contact', 'stopped'])), name='delivery_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('option_key', models.CharField(max_length=30)),
                ('channel', models.CharField(max_length=10)),
                ('status', models.CharField(default='created', max_length=20)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('contact_point', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.contactpoint')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
                ('delivery', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='mailings.delivery')),
                ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.ledgerentry')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='attempt_school_id'),
                    models.UniqueConstraint(fields=('school', 'delivery', 'option_key'), name='one_attempt_per_contact_point'),
                    models.UniqueConstraint(condition=models.Q(('status__in', ['created', 'sending'])), fields=('school', 'delivery'), name='one_open_attempt_per_delivery'),
                    models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'text', 'post', 'pupil post'])), name='attempt_channel_known'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown'])), name='attempt_status_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=40)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('reply_mailbox', models.CharField(max_length=200)),
                ('reply_owner', models.CharField(max_length=120)),
                ('ledger_key', models.BinaryField(null=True)),
                ('started_by', models.CharField(max_length=80)),
                ('paused_reason', models.CharField(blank=True, max_length=120)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='letters.letter')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('letter',), name='one_mailing_per_letter'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['open', 'paused', 'withdrawn', 'closed'])), name='mailing_state_known'),
                    models.CheckConstraint(condition=models.Q(('reply_owner', ''), _negated=True), name='someone_reads_the_replies'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ledger_key__isnull', True), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('ledger_key__isnull', False)), _connector='OR'), name='ledger_key_goes_at_close'),
                ],
            },
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='mailing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='mailing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing'),
        ),
        migrations.CreateModel(
            name='MailingSchool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wave', models.PositiveSmallIntegerField()),
                ('wave_at', models.DateTimeField()),
                ('state', models.CharField(default='planned', max_length=12)),
                ('planned_at', models.DateTimeField(null=True)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('mailing', 'school'), name='school_once_per_mailing'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'sending', 'held', 'sends itself'])), name='mailing_school_state_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PersonTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('owner', models.CharField(max_length=120)),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(max_length=80, null=True)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
                ('parent', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='people.parent')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='task_school_id'),
                    models.UniqueConstraint(fields=('mailing', 'school', 'kind', 'parent'), name='task_once', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['restriction', 'attestation', 'unknown attempt'])), name='task_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='task_closed_paired'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SchoolReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_roll', models.PositiveIntegerField()),
                ('by_email', models.PositiveIntegerField()),
                ('by_text', models.PositiveIntegerField()),
                ('on_paper', models.PositiveIntegerField()),
                ('not_reached', models.PositiveIntegerField()),
                ('emails_confirmed', models.BooleanField()),
                ('filed_at', models.DateTimeField()),
                ('filed_by', models.CharField(max_length=120)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='return_school_id'),
                    models.CheckConstraint(condition=models.Q(('on_roll', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('by_email'), '+', models.F('by_text')), '+', models.F('on_paper')), '+', models.F('not_reached')))), name='return_adds_up'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SimulatedClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('now', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_clock')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('occurred_at', models.DateTimeField()),
                ('raw', models.JSONField(default=dict)),
                ('attempt', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='mailings.attempt')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='event_school_id'), models.UniqueConstraint(fields=('school', 'attempt', 'status', 'occurred_at'), name='event_heard_once'), models.CheckConstraint(condition=models.Q(('status__in', ['created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown'])), name='event_status_known')],
            },
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('status', 'sending')), fields=['mailing'], name='ledger_sending'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('mailing', 'value_hash'), name='one_message_per_contact_value'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('next_look_at__isnull', False)), fields=['mailing', 'school', 'next_look_at'], name='delivery_due'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('mailing', 'school', 'parent'), name='one_delivery_per_adult'),
        ),
        # From the first migration, so that no table was ever open.
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
