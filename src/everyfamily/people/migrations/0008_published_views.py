from django.db import migrations

from everyfamily.people.sql import eligibility_sql, published_sql


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_what_was_said_of_exports'),
    ]

    operations = [
        # The ways say whether they are usable.
        migrations.RunSQL(eligibility_sql.DROP, migrations.RunSQL.noop),
        migrations.RunSQL(eligibility_sql.SQL, migrations.RunSQL.noop),
        migrations.RunSQL(published_sql.SQL, published_sql.DROP),
    ]
