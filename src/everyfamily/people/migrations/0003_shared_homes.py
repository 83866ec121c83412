import django.db.models.deletion
from django.db import migrations, models

from everyfamily.people.sql.security_sql import SQL_OF_SHARED_HOMES


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_rolls_and_former_urns'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeToldApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField()),
                ('told_by', models.CharField(max_length=80)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='rolltask',
            name='roll_task_kind_known',
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='building_keys',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='closing_keys',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='has_flat',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name='parent',
            name='alike_keys',
            field=models.BinaryField(db_default=b''),
        ),
        migrations.AddConstraint(
            model_name='rolltask',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['restriction', 'restrictions not said', 'relationship', 'leavers', 'file held', 'shared home'])), name='roll_task_kind_known'),
        ),
        migrations.AddField(
            model_name='hometoldapart',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='people.school'),
        ),
        migrations.AddField(
            model_name='hometoldapart',
            name='shut',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contactpoint'),
        ),
        migrations.AddField(
            model_name='hometoldapart',
            name='way',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contactpoint'),
        ),
        migrations.AddConstraint(
            model_name='hometoldapart',
            constraint=models.UniqueConstraint(fields=('school', 'id'), name='home_told_apart_school_id'),
        ),
        migrations.AddConstraint(
            model_name='hometoldapart',
            constraint=models.UniqueConstraint(fields=('way', 'shut', 'school'), name='home_told_apart_once'),
        ),
        # In the migration that makes the table, so that it was never open.
        migrations.RunSQL(SQL_OF_SHARED_HOMES, migrations.RunSQL.noop),
    ]
