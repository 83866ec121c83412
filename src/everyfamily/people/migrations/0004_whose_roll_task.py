from django.db import migrations

from everyfamily.people.sql.security_sql import SQL_OF_WHOSE_TASK


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_shared_homes'),
    ]

    operations = [
        migrations.RunSQL(SQL_OF_WHOSE_TASK, migrations.RunSQL.noop),
    ]
