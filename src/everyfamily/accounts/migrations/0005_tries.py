from django.db import migrations

from everyfamily.accounts.sql.tries_sql import SQL, UNDO


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_own_sign_in'),
    ]

    operations = [
        migrations.RunSQL(SQL, UNDO),
    ]
