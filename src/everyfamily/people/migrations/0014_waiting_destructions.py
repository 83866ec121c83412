from django.db import migrations

from everyfamily.people.sql.security_sql import SQL_OF_WAITING_DESTRUCTIONS


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0013_links_shown'),
    ]

    operations = [migrations.RunSQL(SQL_OF_WAITING_DESTRUCTIONS, migrations.RunSQL.noop)]
