import uuid

import django.db.models.deletion
from django.db import migrations, models

from everyfamily.accounts.sql.access_changes_sql import INVITATIONS_NOT_WATCHED
from everyfamily.accounts.sql.security_sql import INVITATION_MAIL_SQL
from everyfamily.core.sending.staff_mail import STATUSES, UNSETTLED


class Migration(migrations.Migration):
    """Links go by email. Those that were shown before end: they were random, and cannot be made again. The invitations are
    watched again after 0015."""

    dependencies = [
        ('accounts', '0013_school_mailboxes'),
    ]

    operations = [
        migrations.RunSQL(INVITATIONS_NOT_WATCHED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='invitation',
            name='code',
            field=models.UUIDField(null=True),
        ),
        migrations.RunSQL('UPDATE accounts_invitation SET code = gen_random_uuid()', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='invitation',
            name='code',
            field=models.UUIDField(default=uuid.uuid4, unique=True),
        ),
        migrations.RemoveField(
            model_name='invitation',
            name='token_hash',
        ),
        migrations.CreateModel(
            name='InvitationMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('status', models.CharField(default='created', max_length=20)),
                ('written_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='accounts.invitation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status__in', UNSETTLED)), fields=['changed_at'], name='invitation_mail_waits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', STATUSES)), name='invitationmail_status_known')],
            },
        ),
        migrations.RunSQL(INVITATION_MAIL_SQL, migrations.RunSQL.noop),
    ]
