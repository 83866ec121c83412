from django.db import migrations, models

from everyfamily.accounts.sql.access_changes_sql import SQL
from everyfamily.accounts.sql.refusals_sql import SECURITY


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_suspensions'),
        ('audit', '0005_access_changes'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('account', models.BigIntegerField()),
                ('what', models.CharField(max_length=40)),
                ('times', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'account', 'what'), name='refusals_one_row_a_day')],
            },
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
