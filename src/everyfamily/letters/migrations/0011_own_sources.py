from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0010_old_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='draftpassage',
            name='own_sources',
            field=models.JSONField(default=dict),
        ),
    ]
