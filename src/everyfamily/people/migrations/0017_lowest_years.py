from django.db import migrations

from everyfamily.people.sql.eligibility_sql import ADULT_STANDING
from everyfamily.people.sql.published_sql import PAPER_WAY
from everyfamily.people.sql.years_sql import CHILD_YEAR

# Columns are added at the end, so nothing that reads the views has to be made again.
_AGAIN = "\n".join((CHILD_YEAR, ADULT_STANDING, PAPER_WAY)).replace("CREATE VIEW", "CREATE OR REPLACE VIEW")


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0016_children_since'),
    ]

    operations = [migrations.RunSQL(_AGAIN, migrations.RunSQL.noop)]
