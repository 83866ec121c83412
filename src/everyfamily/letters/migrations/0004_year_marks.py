from django.db import migrations, models

from everyfamily.letters.sql.immutable_sql import YEAR_MARKS


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0003_route_checks'),
    ]

    operations = [
        migrations.DeleteModel(
            name='YearPlanEntry',
        ),
        migrations.CreateModel(
            name='YearMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=40)),
                ('step', models.CharField(max_length=12)),
                ('by', models.CharField(max_length=80)),
                ('by_account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('address', 'step'), name='year_mark_once')],
            },
        ),
        migrations.RunSQL(YEAR_MARKS, migrations.RunSQL.noop),
    ]
