from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0005_drafts'),
    ]

    operations = [
        migrations.AddField(
            model_name='sealing',
            name='endorsements',
            field=models.JSONField(default=list),
        ),
    ]
