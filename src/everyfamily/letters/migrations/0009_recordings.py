import django.db.models.deletion
from django.db import migrations, models

from everyfamily.letters.sql.immutable_sql import RECORDINGS


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0008_own_words_read'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=20)),
                ('content', models.BinaryField()),
                ('read_by', models.CharField(max_length=80)),
                ('heard_by', models.CharField(max_length=80)),
                ('words_digest', models.CharField(max_length=16)),
                ('by', models.CharField(max_length=80)),
                ('by_account', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='letters.letter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'language'), name='one_recording_of_a_language')],
            },
        ),
        migrations.RunSQL(RECORDINGS, migrations.RunSQL.noop),
    ]
