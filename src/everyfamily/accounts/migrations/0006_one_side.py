from django.db import migrations

from everyfamily.accounts.sql.one_side_sql import DROP, SQL


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_tries'),
    ]

    operations = [
        migrations.RunSQL(SQL, DROP),
    ]
