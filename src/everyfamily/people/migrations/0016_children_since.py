from django.db import migrations

from everyfamily.people.sql.published_sql import CHILDREN_SINCE, SAME_WAYS


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0015_year_groups'),
    ]

    operations = [
        migrations.RunSQL(CHILDREN_SINCE, "DROP VIEW IF EXISTS people_child_since;"),
        migrations.RunSQL(SAME_WAYS, "DROP VIEW IF EXISTS people_same_way;"),
    ]
