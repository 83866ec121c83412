from django.db import migrations

from everyfamily.letters.sql.drafts_sql import OLD_FILES


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0009_recordings'),
    ]

    operations = [migrations.RunSQL(OLD_FILES, migrations.RunSQL.noop)]
