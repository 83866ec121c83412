from django.db import migrations

from everyfamily.letters.sql import published_sql


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(published_sql.SQL, published_sql.DROP),
    ]
