import uuid

from django.db import migrations, models

from everyfamily.work.sql.grants_sql import TOLD


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0002_sites'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToldMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('status', models.CharField(default='created', max_length=20)),
                ('written_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('about', models.CharField(max_length=40)),
                ('account_id', models.BigIntegerField(null=True)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('lines', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['status', 'changed_at'], name='told_mail_waits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='toldmail_status_known'), models.CheckConstraint(condition=models.Q(('account_id__isnull', True), ('address', ''), _connector='XOR'), name='toldmail_has_one_address')],
            },
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
