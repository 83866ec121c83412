from django.db import migrations, models

from everyfamily.letters.sql.immutable_sql import ROUTE_CHECKS


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0002_published_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='RouteCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register_id', models.CharField(max_length=40)),
                ('place', models.CharField(max_length=200)),
                ('is_good', models.BooleanField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('by', models.CharField(max_length=80)),
                ('by_account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['place', '-at'], name='newest_check_of_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('place', ''), _negated=True), name='a_check_is_of_a_place')],
            },
        ),
        migrations.RunSQL(ROUTE_CHECKS, migrations.RunSQL.noop),
    ]
