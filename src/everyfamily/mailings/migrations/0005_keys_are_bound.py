from django.db import migrations, models

from everyfamily.mailings.sql.bound_keys_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0004_shared_ways'),
    ]

    operations = [
        # Keys that are there are bound by the first worker that starts, or by `everyfamily keys rewrap`.
        migrations.AddField(
            model_name='mailing',
            name='ledger_key_is_bound',
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
