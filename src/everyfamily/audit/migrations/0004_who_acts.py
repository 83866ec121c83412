from django.db import migrations, models

from everyfamily.audit.sql.link_sql import WITH_ACTOR_SQL


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_linked_by_the_database'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditevent',
            name='actor_account',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='actor_kind',
            field=models.CharField(db_default='', max_length=10),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['school_id', 'at', 'id'], name='audit_page'),
        ),
        migrations.RunSQL(WITH_ACTOR_SQL, migrations.RunSQL.noop),
    ]
