from django.db import migrations, models

from everyfamily.people.sql import eligibility_sql


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_figures_of_official_lists'),
    ]

    operations = [
        # A database of before has them over columns that go.
        migrations.RunSQL(eligibility_sql.DROP, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='contactpoint',
            name='building_keys',
        ),
        migrations.RemoveField(
            model_name='contactpoint',
            name='has_flat',
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='doubt_keys',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='near_key',
            field=models.BinaryField(null=True),
        ),
        migrations.RunSQL(eligibility_sql.SQL, eligibility_sql.DROP),
    ]
