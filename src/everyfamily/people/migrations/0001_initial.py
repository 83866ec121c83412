import django.db.models.deletion
from django.db import migrations, models

from everyfamily.people.sql.security_sql import SQL


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urn', models.PositiveIntegerField(unique=True)),
                ('dfe_number', models.CharField(blank=True, max_length=8)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=40)),
                ('phase', models.CharField(max_length=40)),
                ('status', models.CharField(default='open', max_length=20)),
                ('sends', models.CharField(choices=[('us', 'we send for the school'), ('school', 'the school sends')], max_length=6)),
                ('roll_expected', models.PositiveIntegerField(null=True)),
                ('lead_role', models.CharField(blank=True, max_length=120)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('phone_checked_at', models.DateTimeField(null=True)),
                ('phone_checked_by', models.CharField(max_length=80, null=True)),
                ('channel_policy', models.JSONField(default=dict)),
                ('demonstration', models.BooleanField(default=False)),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('sends__in', ['us', 'school'])), name='school_sends_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('phone_checked_at__isnull', False), ('phone_checked_by__isnull', False)), models.Q(('phone_checked_at__isnull', True), ('phone_checked_by__isnull', True)), _connector='OR'), name='school_phone_checked_paired'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RollImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_digest', models.CharField(max_length=64)),
                ('format', models.CharField(max_length=30)),
                ('rows', models.PositiveIntegerField()),
                ('accepted', models.PositiveIntegerField()),
                ('set_aside', models.JSONField(default=list)),
                ('imported_at', models.DateTimeField()),
                ('imported_by', models.CharField(max_length=80)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Pupil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('id_hash', models.BinaryField()),
                ('id_encrypted', models.BinaryField()),
                ('year_group', models.CharField(blank=True, max_length=20)),
                ('class_name', models.CharField(blank=True, max_length=40)),
                ('on_roll_from', models.DateField()),
                ('on_roll_to', models.DateField(null=True)),
                ('died_known_at', models.DateTimeField(null=True)),
                ('died_known_by', models.CharField(max_length=80, null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='pupil_school_id'),
                    models.UniqueConstraint(fields=('school', 'id_hash'), name='pupil_once_per_school'),
                    models.CheckConstraint(condition=models.Q(models.Q(('died_known_at__isnull', False), ('died_known_by__isnull', False)), models.Q(('died_known_at__isnull', True), ('died_known_by__isnull', True)), _connector='OR'), name='pupil_died_paired'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Parent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity_hash', models.BinaryField()),
                ('name', models.BinaryField(null=True)),
                ('language', models.CharField(default='und', max_length=20)),
                ('format', models.CharField(default='standard', max_length=20)),
                ('prefers', models.CharField(blank=True, max_length=12)),
                ('objects_at', models.DateTimeField(null=True)),
                ('objects_by', models.CharField(max_length=80, null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='parent_school_id'),
                    models.UniqueConstraint(fields=('school', 'identity_hash'), name='parent_once_per_school'),
                    models.CheckConstraint(condition=models.Q(models.Q(('objects_at__isnull', False), ('objects_by__isnull', False)), models.Q(('objects_at__isnull', True), ('objects_by__isnull', True)), _connector='OR'), name='parent_objects_paired'),
                    models.CheckConstraint(condition=models.Q(('format__in', ['standard', 'large print', 'easy read', 'audio', 'braille'])), name='parent_format_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=10)),
                ('value', models.BinaryField(null=True)),
                ('value_hash', models.BinaryField()),
                ('status', models.CharField(default='usable', max_length=20)),
                ('status_reason', models.CharField(blank=True, max_length=60)),
                ('parent', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='people.parent')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='contact_school_id'),
                    models.UniqueConstraint(fields=('school', 'parent', 'channel', 'value_hash'), name='contact_once'),
                    models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'text', 'post'])), name='contact_channel_known'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['usable', 'permanent-failure', 'opted out'])), name='contact_status_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Care',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relationship', models.CharField(max_length=30)),
                ('parental_responsibility', models.CharField(max_length=7)),
                ('has_care', models.CharField(max_length=7)),
                ('priority', models.PositiveSmallIntegerField(null=True)),
                ('restriction', models.CharField(default='unknown', max_length=12)),
                ('restriction_reviewed_at', models.DateTimeField(null=True)),
                ('restriction_reviewed_by', models.CharField(max_length=80, null=True)),
                ('parent', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='people.parent')),
                ('pupil', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='people.pupil')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school', 'id'), name='care_school_id'),
                    models.UniqueConstraint(fields=('school', 'parent', 'pupil'), name='care_once'),
                    models.CheckConstraint(condition=models.Q(('restriction__in', ['none', 'unknown', 'hold', 'do not send'])), name='care_restriction_known'),
                    models.CheckConstraint(condition=models.Q(('parental_responsibility__in', ['yes', 'no', 'unknown'])), name='care_pr_known'),
                    models.CheckConstraint(condition=models.Q(('has_care__in', ['yes', 'no', 'unknown'])), name='care_has_care_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('restriction_reviewed_at__isnull', False), ('restriction_reviewed_by__isnull', False)), models.Q(('restriction_reviewed_at__isnull', True), ('restriction_reviewed_by__isnull', True)), _connector='OR'), name='care_reviewed_paired'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attested_at', models.DateTimeField()),
                ('attested_by', models.CharField(max_length=120)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SchoolKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrapped', models.BinaryField(null=True)),
                ('master_version', models.PositiveSmallIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('destroyed_by', models.CharField(max_length=80, null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.school')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('school',), name='one_key_per_school'),
                    models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('destroyed_by__isnull', False)), models.Q(('destroyed_at__isnull', True), ('destroyed_by__isnull', True)), _connector='OR'), name='key_destroyed_paired'),
                    models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', True), ('wrapped__isnull', False)), models.Q(('destroyed_at__isnull', False), ('wrapped__isnull', True)), _connector='OR'), name='key_is_there_until_destroyed'),
                ],
            },
        ),
        # From the first migration, so that no table was ever open.
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
