import django.db.models.deletion
import django.utils.timezone
import medicines.models.list_import
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('medicines', '0004_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('list', 'The list as its site exports it'), ('sections', 'Sections of an edition'), ('printed_list', 'The printed list'), ('atc', 'ATC classification'), ('icd11', 'ICD-11 tabulation'), ('aware', 'AWaRe classification'), ('synonyms', 'Synonyms')], default='list', max_length=20, verbose_name='kind')),
                ('edition', models.CharField(blank=True, max_length=20, verbose_name='edition')),
                ('previous', models.CharField(blank=True, max_length=20, verbose_name='previous edition')),
                ('name', models.CharField(max_length=255, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, upload_to=medicines.models.list_import.kept_at, verbose_name='file')),
                ('choices', models.JSONField(default=dict, help_text='What a person has settled: see medicines.lists.choices.')),
                ('report', models.JSONField(default=dict, help_text='Of the preview, then of what was done.')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='brought in')),
                ('carried_out_at', models.DateTimeField(blank=True, null=True, verbose_name='carried out')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Renaming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_name', models.CharField(max_length=500, verbose_name='former name')),
                ('new_name', models.CharField(max_length=500, verbose_name='name')),
                ('source', models.JSONField(help_text='Where it comes from, as plain words that may be printed.')),
                ('happened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='renamed')),
            ],
            options={
                'verbose_name': 'renaming',
                'verbose_name_plural': 'renamings',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SectionTitle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=1000, verbose_name='title')),
                ('key', models.CharField(editable=False, help_text='The folded title: its identity.', max_length=1000)),
            ],
            options={
                'verbose_name': 'title of a section',
                'verbose_name_plural': 'titles of sections',
                'ordering': ['edition', 'key'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listimport',
            trigger=pgtrigger.compiler.Trigger(name='kept_once_carried_out', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."carried_out_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bc240170f8e21fec75d8f5e728f61f8c61d8ebf4', operation='UPDATE OR DELETE', pgid='pgtrigger_kept_once_carried_out_259b3', table='medicines_listimport', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='renaming',
            name='medicine',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renamings', to='medicines.medicine', verbose_name='medicine'),
        ),
        migrations.AddField(
            model_name='sectiontitle',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='titles', to='medicines.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='sectiontitle',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='titles', to='medicines.section', verbose_name='section'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='renaming',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ccb40d9329c661244c374b17fff20b9f2a256416', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e6ff9', table='medicines_renaming', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='renaming',
            trigger=pgtrigger.compiler.Trigger(name='counts_in_the_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE medicines_recordstate SET number = number + 1, changed_at = clock_timestamp();\n            RETURN NULL;\n        ', hash='70a0d26360f34f39b6d4a78397a93740caae3f8b', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_counts_in_the_state_684b3', table='medicines_renaming', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='sectiontitle',
            constraint=models.UniqueConstraint(fields=('edition', 'key'), name='one_meaning_of_a_title'),
        ),
    ]
