from django.db import migrations

from everyfamily.people.security_sql import SQL_OF_WHOSE_TASK


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_rolls_and_former_urns'),
    ]

    operations = [
        migrations.RunSQL(SQL_OF_WHOSE_TASK, migrations.RunSQL.noop),
    ]
