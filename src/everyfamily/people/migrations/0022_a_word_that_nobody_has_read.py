from django.db import migrations, models

from everyfamily.people.sql.eligibility_sql import LINK_NUMBERED


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0021_the_right_file'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='care',
            name='care_restriction_reason_known',
        ),
        migrations.AddConstraint(
            model_name='care',
            constraint=models.CheckConstraint(condition=models.Q(('restriction_reason__in', ['', 'not said', 'note not read', 'value not read', 'not asked yet', 'not readable', 'doubt', 'gone from file', 'child in care'])), name='care_restriction_reason_known'),
        ),
        # Such a link closes what its adult shares with others.
        migrations.RunSQL(LINK_NUMBERED.replace("CREATE VIEW", "CREATE OR REPLACE VIEW"), migrations.RunSQL.noop),
    ]
