from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_sent_drafts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deskmail',
            name='desk_mail_status_known',
        ),
        migrations.RemoveIndex(
            model_name='schoolmail',
            name='school_mail_waits',
        ),
        migrations.AlterField(
            model_name='deskmail',
            name='give_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='schoolmail',
            index=models.Index(condition=models.Q(('status__in', ('created', 'refused', 'temporary-failure', 'technical-failure', 'sending'))), fields=['changed_at'], name='school_mail_waits'),
        ),
        migrations.AddConstraint(
            model_name='deskmail',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='deskmail_status_known'),
        ),
        migrations.AddConstraint(
            model_name='schoolmail',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('created', 'sending', 'accepted', 'delivered', 'refused', 'temporary-failure', 'permanent-failure', 'technical-failure', 'returned', 'unknown', 'not needed', 'given up'))), name='schoolmail_status_known'),
        ),
    ]
