from django.db import migrations, models

from everyfamily.audit.sql.access_changes_sql import SQL
from everyfamily.audit.sql.link_sql import WITH_TRANSACTION_SQL


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_who_acts'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('txid', models.BigIntegerField()),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField()),
                ('account', models.BigIntegerField(null=True)),
                ('what', models.CharField(max_length=30)),
                ('how', models.CharField(max_length=6)),
            ],
        ),
        migrations.AddField(
            model_name='auditlink',
            name='txid',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='auditlink',
            index=models.Index(fields=['txid'], name='audit_link_transaction'),
        ),
        migrations.RunSQL(WITH_TRANSACTION_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
