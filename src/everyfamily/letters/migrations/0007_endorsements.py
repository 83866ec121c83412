from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0006_longer_signatures'),
    ]

    operations = [
        migrations.AddField(
            model_name='sealing',
            name='endorsements',
            field=models.JSONField(default=list),
        ),
    ]
