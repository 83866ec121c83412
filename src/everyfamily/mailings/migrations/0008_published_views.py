from django.db import migrations

from everyfamily.mailings.sql import published_sql


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0007_withdrawals'),
        ('letters', '0002_published_views'),
    ]

    operations = [
        migrations.RunSQL(published_sql.SQL, published_sql.DROP),
    ]
