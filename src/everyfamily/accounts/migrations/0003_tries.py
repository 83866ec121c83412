from django.db import migrations

from everyfamily.accounts.sql.tries_sql import SQL, UNDO


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_security'),
    ]

    operations = [
        migrations.RunSQL(SQL, UNDO),
    ]
