import django.db.models.deletion
from django.db import migrations, models

from everyfamily.letters.sql.drafts_sql import SQL


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_year_marks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('pack_id', models.CharField(max_length=80)),
                ('pack_version', models.CharField(max_length=20)),
                ('pack_digest', models.CharField(max_length=64)),
                ('pack_zip', models.BinaryField()),
                ('term', models.CharField(max_length=40)),
                ('dated', models.DateField()),
                ('follows_kind', models.CharField(blank=True, default='', max_length=12)),
                ('follows_reference', models.CharField(blank=True, default='', max_length=40)),
                ('wrong_route', models.CharField(blank=True, default='', max_length=40)),
                ('correction_words', models.JSONField(default=dict)),
                ('begun_by', models.CharField(max_length=80)),
                ('begun_account', models.BigIntegerField(null=True)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=80)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('follows_kind__in', ['', 'correction', 'replacement'])), name='draft_follows_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='draft_ends_with_a_name'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('pack_id', 'term', 'follows_kind', 'follows_reference'), name='one_draft_of_a_letter')],
            },
        ),
        migrations.CreateModel(
            name='Frozen',
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
                ('number', models.PositiveIntegerField()),
                ('newest_passage', models.BigIntegerField()),
                ('overrides', models.TextField()),
                ('waivers', models.TextField(blank=True)),
                ('dated', models.DateField()),
                ('settings_version', models.BigIntegerField(null=True)),
                ('record', models.JSONField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('required', models.JSONField(default=list)),
                ('report', models.JSONField(default=list)),
                ('seconds', models.JSONField(default=dict)),
                ('overtaken_at', models.DateTimeField(null=True)),
                ('overtaken_by', models.CharField(blank=True, default='', max_length=80)),
                ('overtaken_why', models.CharField(blank=True, default='', max_length=20)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='letters.draft')),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'working', 'done', 'failed', 'cancelled'])), name='frozen_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), models.Q(models.Q(('state__in', ['cancelled', 'done', 'failed']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='frozen_ends_once'),
                    models.CheckConstraint(condition=models.Q(('state', 'failed'), ('failed_code', ''), _connector='XOR'), name='frozen_fails_with_a_code'),
                    models.CheckConstraint(condition=models.Q(('done__lte', models.F('of'))), name='frozen_not_beyond_its_end'),
                    models.UniqueConstraint(fields=('draft', 'number'), name='frozen_numbered_once'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'working'])), fields=('draft',), name='one_freezing_at_a_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('record__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='frozen_has_its_record'),
                    models.CheckConstraint(condition=models.Q(models.Q(('overtaken_at__isnull', True), ('overtaken_why', '')), models.Q(('overtaken_at__isnull', False), models.Q(('overtaken_why', ''), _negated=True)), _connector='OR'), name='overtaken_says_why'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FrozenFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('content', models.BinaryField()),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='letters.frozen')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('frozen', 'name'), name='frozen_file_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LetterSeen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.draft')),
                ('frozen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.frozen')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['account', 'draft', '-at'], name='last_look_of_account'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('account', 'draft', 'frozen'), name='looked_once_at_a_version', nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='en', max_length=20)),
                ('passage', models.CharField(blank=True, default='', max_length=80)),
                ('text', models.CharField(max_length=2000)),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('role', models.CharField(blank=True, default='', max_length=20)),
                ('body', models.CharField(blank=True, default='', max_length=40)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, default='', max_length=80)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='letters.draft')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_note_has_words'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReceivedApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signatory', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=10)),
                ('json', models.JSONField()),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='letters.frozen')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['frozen', 'signatory', '-id'], name='newest_approval_of_body'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=80)),
                ('role', models.CharField(blank=True, default='', max_length=20)),
                ('kind', models.CharField(max_length=14)),
                ('words', models.CharField(blank=True, max_length=2000)),
                ('at', models.DateTimeField()),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='letters.frozen')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['reviewed', 'change asked'])), name='review_known'),
                    models.CheckConstraint(condition=models.Q(('kind', 'reviewed'), models.Q(('words', ''), _negated=True), _connector='OR'), name='a_change_is_asked_in_words'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Sealing',
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
                ('needs_review', models.BooleanField(default=False)),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealings', to='letters.frozen')),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'working', 'done', 'failed', 'cancelled'])), name='sealing_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['cancelled', 'done', 'failed'])), models.Q(models.Q(('state__in', ['cancelled', 'done', 'failed']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='sealing_ends_once'),
                    models.CheckConstraint(condition=models.Q(('state', 'failed'), ('failed_code', ''), _connector='XOR'), name='sealing_fails_with_a_code'),
                    models.CheckConstraint(condition=models.Q(('done__lte', models.F('of'))), name='sealing_not_beyond_its_end'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'working'])), fields=('frozen',), name='one_sealing_at_a_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DraftPassage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=20)),
                ('section', models.CharField(max_length=60)),
                ('passage', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('was', models.TextField(blank=True)),
                ('words', models.TextField(blank=True)),
                ('why', models.CharField(max_length=300)),
                ('sources', models.JSONField(null=True)),
                ('promises', models.JSONField(null=True)),
                ('only', models.JSONField(default=list)),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='letters.draft')),
            ],
            options={
                'indexes': [models.Index(fields=['draft', 'language', 'passage', '-id'], name='newest_of_a_passage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['change', 'addition', 'back'])), name='draft_passage_known'), models.CheckConstraint(condition=models.Q(('kind', 'back'), models.Q(('words', ''), _negated=True), _connector='OR'), name='draft_passage_has_words')],
            },
        ),
        migrations.CreateModel(
            name='DraftTranslation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=12)),
                ('language', models.CharField(max_length=20)),
                ('translator', models.CharField(max_length=120)),
                ('checker', models.CharField(blank=True, max_length=120)),
                ('english_digest', models.CharField(max_length=16)),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='translations', to='letters.draft')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('part__in', ['translations', 'site', 'short'])), name='draft_translation_known')],
            },
        ),
        migrations.CreateModel(
            name='DraftWaiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('passage', models.CharField(max_length=80)),
                ('language', models.CharField(blank=True, default='', max_length=20)),
                ('reason', models.CharField(max_length=400)),
                ('ends_on', models.DateField()),
                ('by', models.CharField(max_length=80)),
                ('account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=80)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='letters.draft')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('draft', 'code', 'passage', 'language'), name='draft_waiver_once')],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
