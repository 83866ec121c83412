from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0012_who_filed'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='schoolnotice',
            name='school_notice_kind_known',
        ),
        migrations.AddConstraint(
            model_name='schoolnotice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['stop', 'bin', 'briefing'])), name='school_notice_kind_known'),
        ),
    ]
