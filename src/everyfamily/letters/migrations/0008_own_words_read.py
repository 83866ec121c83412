from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0007_endorsements'),
    ]

    operations = [
        migrations.AddField(
            model_name='drafttranslation',
            name='checked_digest',
            field=models.CharField(blank=True, default='', max_length=16),
        ),
    ]
