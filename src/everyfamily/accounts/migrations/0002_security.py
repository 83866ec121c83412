from django.db import migrations

from everyfamily.accounts.sql.security_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('usersessions', '0001_initial'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
