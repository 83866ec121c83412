from django.db import migrations, models

from everyfamily.audit.sql.link_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditlink',
            name='linked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
