from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0010_to_tell'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='mailingtask',
            name='mailing_task_kind_known',
        ),
        migrations.AddConstraint(
            model_name='mailingtask',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['carrier', 'failures', 'letter', 'paused', 'restored', 'route'])), name='mailing_task_kind_known'),
        ),
    ]
