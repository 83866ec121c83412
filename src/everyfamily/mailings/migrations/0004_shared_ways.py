
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0003_delivery'),
        ('people', '0003_shared_homes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_state_known',
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'on its way', 'reached', 'accepted', 'told by text', 'unknown', 'returned', 'failed', 'no contact', 'shared', 'stopped'])), name='delivery_state_known'),
        ),
    ]
