from django.db import migrations, models

from everyfamily.mailings.sql.security_sql import WHO_FILED


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0011_route_tasks'),
    ]

    operations = [
        migrations.AddField(
            model_name='schoolreturn',
            name='by_school',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name='schoolreturn',
            name='link',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='schoolnotice',
            name='not_sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(WHO_FILED, migrations.RunSQL.noop),
    ]
