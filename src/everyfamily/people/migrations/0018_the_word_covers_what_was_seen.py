from django.db import migrations, models
from django.db.models import Func, Value

from everyfamily.people.sql import words_sql
from everyfamily.people.sql.eligibility_sql import ADULT_VOUCHED, LINK_NUMBERED
from everyfamily.people.sql.years_sql import CHILD_YEAR_NUMBERED

_NEXT = Func(Value('people_seen'), function='nextval')

# Columns are added at the end, so nothing that reads the views has to be made again.
_AGAIN = "\n".join((CHILD_YEAR_NUMBERED, LINK_NUMBERED, ADULT_VOUCHED)).replace("CREATE VIEW", "CREATE OR REPLACE VIEW")


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0017_lowest_years'),
    ]

    operations = [
        migrations.RunSQL(words_sql.SEQUENCE, 'DROP SEQUENCE people_seen;'),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(words_sql.COLUMNS, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    model_name='pupil', name='added_in', field=models.BigIntegerField(db_default=_NEXT)
                ),
                migrations.AddField(model_name='care', name='added_in', field=models.BigIntegerField(db_default=_NEXT)),
                migrations.AddField(model_name='care', name='reopened_in', field=models.BigIntegerField(db_default=0)),
                migrations.AddField(model_name='care', name='vouched_in', field=models.BigIntegerField(db_default=0)),
                migrations.AddField(
                    model_name='attestation', name='word', field=models.BigIntegerField(db_default=_NEXT)
                ),
            ],
        ),
        migrations.RunSQL(words_sql.SQL, words_sql.DROP),
        migrations.RunSQL(_AGAIN, migrations.RunSQL.noop),
        migrations.RunSQL(words_sql.AFTER_WORD, migrations.RunSQL.noop),
        migrations.RunSQL(words_sql.EMPTY_CLOSED_WAYS, migrations.RunSQL.noop),
    ]
