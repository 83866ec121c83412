from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0014_reviews'),
        ('people', '0015_year_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailing',
            name='from_year',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
