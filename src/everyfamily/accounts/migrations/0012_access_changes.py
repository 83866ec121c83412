from django.db import migrations

from everyfamily.accounts.sql.access_changes_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_suspensions'),
        ('audit', '0005_access_changes'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
