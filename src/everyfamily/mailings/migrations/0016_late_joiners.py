from django.db import migrations, models

from everyfamily.mailings.sql.published_sql import JOINERS


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0015_from_year'),
        ('people', '0016_children_since'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='mailing', name='mailing_follows_paired'),
        migrations.RemoveConstraint(model_name='mailing', name='one_mailing_per_letter'),
        migrations.RemoveConstraint(model_name='mailing', name='one_follow_up_of_a_kind'),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.UniqueConstraint(
                condition=models.Q(('follows_as', 'joiners'), _negated=True),
                fields=('letter',),
                name='one_mailing_per_letter',
            ),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.UniqueConstraint(
                condition=models.Q(('follows_as', 'joiners'), models.Q(('state', 'closed'), _negated=True)),
                fields=('letter',),
                name='one_joiners_mailing_at_a_time',
            ),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.UniqueConstraint(
                condition=models.Q(('follows_as', 'joiners'), _negated=True),
                fields=('follows', 'follows_as'),
                name='one_follow_up_of_a_kind',
            ),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('follows__isnull', True), ('follows_as', '')),
                    models.Q(
                        ('follows__isnull', False), ('follows_as__in', ['correction', 'replacement', 'joiners'])
                    ),
                    _connector='OR',
                ),
                name='mailing_follows_paired',
            ),
        ),
        migrations.RunSQL(JOINERS, "DROP VIEW IF EXISTS mailings_joiners;"),
    ]
