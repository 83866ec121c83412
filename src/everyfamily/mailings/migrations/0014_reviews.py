from django.db import migrations, models
import django.db.models.deletion

from everyfamily.mailings.sql.security_sql import SQL_OF_REVIEWS


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0013_briefings'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found', models.JSONField()),
                ('is_complete', models.BooleanField()),
                ('by', models.CharField(max_length=80)),
                ('by_account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='mailings.mailing')),
            ],
            options={
                'indexes': [models.Index(fields=['mailing', '-id'], name='newest_review_of_mailing')],
            },
        ),
        migrations.RunSQL(SQL_OF_REVIEWS, migrations.RunSQL.noop),
    ]
