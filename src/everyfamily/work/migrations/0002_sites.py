from django.db import migrations, models

from everyfamily.work.sql.grants_sql import SITES


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteBuild',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_account', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('of', models.PositiveIntegerField(default=0)),
                ('cancel_asked_at', models.DateTimeField(null=True)),
                ('failed_code', models.CharField(blank=True, max_length=8)),
                ('failed_fact', models.CharField(blank=True, max_length=200)),
                ('seen_at', models.DateTimeField(null=True)),
                ('seen_by', models.CharField(blank=True, max_length=80)),
                ('is_for_families', models.BooleanField(default=False)),
                ('languages', models.JSONField(default=list)),
                ('letters', models.JSONField(default=list)),
                ('made_of', models.CharField(blank=True, max_length=64)),
                ('hindrances', models.JSONField(default=list)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('good_until', models.DateField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'working', 'done', 'failed', 'cancelled'])), name='sitebuild_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), models.Q(models.Q(('state__in', ['cancelled', 'done', 'failed']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='sitebuild_ends_once'), models.CheckConstraint(condition=models.Q(('state', 'failed'), ('failed_code', ''), _connector='XOR'), name='sitebuild_fails_with_a_code'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('of'))), name='sitebuild_not_beyond_its_end'), models.UniqueConstraint(models.Value(1), condition=models.Q(('state__in', ['waiting', 'working'])), name='one_site_at_a_time')],
            },
        ),
        migrations.RunSQL(SITES, migrations.RunSQL.noop),
    ]
