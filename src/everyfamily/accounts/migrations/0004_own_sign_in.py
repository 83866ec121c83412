from django.db import migrations

from everyfamily.accounts.sql.security_sql import OWN_SIGN_IN_SQL


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_desk'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        migrations.RunSQL(OWN_SIGN_IN_SQL, migrations.RunSQL.noop),
    ]
