import django.db.models.deletion
from django.db import migrations, models

from everyfamily.people.sql.security_sql import SQL_OF_ROLLS


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerUrn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urn', models.PositiveIntegerField(unique=True)),
                ('until', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RollMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='RollTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('owner', models.CharField(max_length=120)),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(max_length=120, null=True)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['restriction', 'restrictions not said', 'relationship', 'leavers', 'file held'])), name='roll_task_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='roll_task_closed_paired'),
                ],
            },
        ),
        migrations.AddField(
            model_name='care',
            name='restriction_reason',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='care',
            name='parent_or_carer',
            field=models.CharField(blank=True, db_default='', max_length=3),
        ),
        migrations.AddField(
            model_name='care',
            name='parent_or_carer_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='care',
            name='parent_or_carer_by',
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.AddField(
            model_name='parent',
            name='first_name_hash',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='parent',
            name='initial_hash',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='parent',
            name='initial_only',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name='parent',
            name='name_hash',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='pupil',
            name='leaving_proposed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='rollimport',
            name='state',
            field=models.CharField(default='committed', max_length=10),
        ),
        migrations.AddField(
            model_name='school',
            name='closed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='school',
            name='decisions',
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='school',
            name='keep_days',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddField(
            model_name='school',
            name='la_code',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='school',
            name='mailbox',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='school',
            name='opened_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='school',
            name='type_code',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='schoolkey',
            name='version',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='attestation',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='care',
            name='parent',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='people.parent'),
        ),
        migrations.AlterField(
            model_name='care',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='contactpoint',
            name='parent',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='people.parent'),
        ),
        migrations.AlterField(
            model_name='contactpoint',
            name='school',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='parent',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='pupil',
            name='id_encrypted',
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name='pupil',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='rollimport',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AlterField(
            model_name='schoolkey',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AddIndex(
            model_name='attestation',
            index=models.Index(fields=['school', 'attested_at'], name='attestation_of_school'),
        ),
        migrations.AddIndex(
            model_name='rollimport',
            index=models.Index(fields=['school', 'imported_at'], name='roll_import_of_school'),
        ),
        migrations.AddConstraint(
            model_name='care',
            constraint=models.CheckConstraint(condition=models.Q(('restriction_reason__in', ['', 'not said', 'not readable', 'doubt', 'gone from file', 'child in care'])), name='care_restriction_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='rollimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['committed', 'held'])), name='roll_import_state_known'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'proposed to close', 'closed', 'proposed to open'])), name='school_status_known'),
        ),
        migrations.AddField(
            model_name='formerurn',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_urns', to='people.school'),
        ),
        migrations.AddField(
            model_name='rollmapping',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AddField(
            model_name='rolltask',
            name='parent',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='people.parent'),
        ),
        migrations.AddField(
            model_name='rolltask',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AddConstraint(
            model_name='care',
            constraint=models.CheckConstraint(condition=models.Q(('parent_or_carer__in', ['', 'yes', 'no'])), name='care_parent_or_carer_known'),
        ),
        migrations.AddConstraint(
            model_name='care',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('parent_or_carer_at__isnull', False), ('parent_or_carer_by__isnull', False)), models.Q(('parent_or_carer_at__isnull', True), ('parent_or_carer_by__isnull', True)), _connector='OR'), name='care_parent_or_carer_paired'),
        ),
        migrations.AddConstraint(
            model_name='rollmapping',
            constraint=models.UniqueConstraint(fields=('school',), name='one_mapping_per_school'),
        ),
        migrations.AddConstraint(
            model_name='rolltask',
            constraint=models.UniqueConstraint(fields=('school', 'id'), name='roll_task_school_id'),
        ),
        migrations.AddConstraint(
            model_name='rolltask',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('school', 'kind', 'parent'), name='roll_task_open_once', nulls_distinct=False),
        ),
        migrations.RemoveConstraint(
            model_name='care',
            name='care_once',
        ),
        migrations.RemoveConstraint(
            model_name='contactpoint',
            name='contact_once',
        ),
        migrations.RemoveConstraint(
            model_name='parent',
            name='parent_once_per_school',
        ),
        migrations.RemoveConstraint(
            model_name='pupil',
            name='pupil_once_per_school',
        ),
        migrations.AddConstraint(
            model_name='care',
            constraint=models.UniqueConstraint(fields=('parent', 'pupil', 'school'), name='care_once'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('parent', 'channel', 'value_hash', 'school'), name='contact_once'),
        ),
        migrations.AddConstraint(
            model_name='parent',
            constraint=models.UniqueConstraint(fields=('identity_hash', 'school'), name='parent_once_per_school'),
        ),
        migrations.AddConstraint(
            model_name='pupil',
            constraint=models.UniqueConstraint(fields=('id_hash', 'school'), name='pupil_once_per_school'),
        ),
        # In the migration that makes the tables, so that none was ever open.
        migrations.RunSQL(SQL_OF_ROLLS, migrations.RunSQL.noop),
    ]
