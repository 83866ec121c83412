from django.db import migrations

from everyfamily.people.sql.published_sql import LINKS_SHOWN


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0012_requests_about_data'),
    ]

    operations = [migrations.RunSQL(LINKS_SHOWN, "DROP VIEW IF EXISTS people_link_shown;")]
