from django.db import migrations

from everyfamily.accounts.sql.tries_sql import SQL, UNDO


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_desk'),
    ]

    operations = [
        migrations.RunSQL(SQL, UNDO),
    ]
