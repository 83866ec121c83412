import django.db.models.deletion
from django.db import migrations, models

from everyfamily.letters.sql.immutable_sql import SQL


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='YearPlanEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=40, unique=True)),
                ('topic', models.CharField(max_length=80)),
                ('settled', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('topic', models.CharField(max_length=80)),
                ('term', models.CharField(max_length=40)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('record', models.JSONField()),
                ('composed_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.CharField(max_length=80, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in review', 'approved', 'sealed', 'withdrawn'])), name='letter_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='letter_withdrawn_paired')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('published', models.TextField()),
                ('sealed_at', models.DateTimeField()),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='letters.letter')),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signatory', models.CharField(max_length=40)),
                ('organisation', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=120)),
                ('approved_at', models.DateTimeField()),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='letters.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'signatory', 'digest'), name='approval_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterArtefact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='letters.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'name'), name='artefact_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=20)),
                ('source_digest', models.CharField(max_length=64)),
                ('translator', models.CharField(blank=True, max_length=120)),
                ('checked_by', models.CharField(blank=True, max_length=120)),
                ('passages', models.JSONField()),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='letters.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'language'), name='text_once_per_language')],
            },
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register_id', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=120)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('hours', models.CharField(blank=True, max_length=120)),
                ('owner', models.CharField(max_length=120)),
                ('checked_at', models.DateField(null=True)),
                ('checked_by', models.CharField(max_length=80, null=True)),
                ('expires_on', models.DateField(null=True)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='letters.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'register_id'), name='route_once_per_letter')],
            },
        ),
        # From the first migration, so that no table was ever open.
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
