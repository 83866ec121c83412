from django.db import migrations, models

from everyfamily.audit.sql.chain_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLink',
            fields=[
                ('event_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('chain', models.BigIntegerField()),
                ('position', models.BigIntegerField()),
                ('version', models.SmallIntegerField()),
                ('previous', models.BinaryField()),
                ('digest', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('chain', 'position'), name='audit_link_place_once')],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
