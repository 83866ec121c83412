from django.db import migrations, models

from everyfamily.people.sql.published_sql import DEATHS


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0023_grounds_of_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='parent', name='died_known_at', field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name='parent', name='died_known_by', field=models.CharField(max_length=80, null=True)
        ),
        migrations.AddConstraint(
            model_name='parent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('died_known_at__isnull', False), ('died_known_by__isnull', False)), models.Q(('died_known_at__isnull', True), ('died_known_by__isnull', True)), _connector='OR'), name='parent_died_paired'),
        ),
        migrations.AddConstraint(
            model_name='parent',
            constraint=models.CheckConstraint(condition=models.Q(('died_known_at', None), ('objects_at__isnull', False), _connector='OR'), name='parent_died_is_closed'),
        ),
        migrations.RunSQL(DEATHS, migrations.RunSQL.noop),
    ]
