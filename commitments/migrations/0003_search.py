"""Text search: the documents, and on each database the indexes that its search needs.

PostgreSQL needs the extension pg_trgm: it is a trusted one, so the owner of the database may create it.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SQLITE = [
    """
    CREATE VIRTUAL TABLE commitments_searchwords USING fts5(
        title_words, body_words, content='commitments_searchdocument', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER commitments_searchdocument_added AFTER INSERT ON commitments_searchdocument BEGIN
        INSERT INTO commitments_searchwords(rowid, title_words, body_words)
        VALUES (new.id, new.title_words, new.body_words);
    END
    """,
    """
    CREATE TRIGGER commitments_searchdocument_gone AFTER DELETE ON commitments_searchdocument BEGIN
        INSERT INTO commitments_searchwords(commitments_searchwords, rowid, title_words, body_words)
        VALUES ('delete', old.id, old.title_words, old.body_words);
    END
    """,
    """
    CREATE TRIGGER commitments_searchdocument_changed AFTER UPDATE ON commitments_searchdocument BEGIN
        INSERT INTO commitments_searchwords(commitments_searchwords, rowid, title_words, body_words)
        VALUES ('delete', old.id, old.title_words, old.body_words);
        INSERT INTO commitments_searchwords(rowid, title_words, body_words)
        VALUES (new.id, new.title_words, new.body_words);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS commitments_searchdocument_added",
    "DROP TRIGGER IF EXISTS commitments_searchdocument_gone",
    "DROP TRIGGER IF EXISTS commitments_searchdocument_changed",
    "DROP TABLE commitments_searchwords",
]

# The stems are stored: to cut up a text for each query would cost more than all else.
# A word that some document says is spelled rightly: only others are looked for by their trigrams, or with two letters
# swapped. Threshold and planner are set for the function alone, so that the trigram indexes serve it.
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE commitments_searchdocument
        ADD COLUMN title_stems tsvector GENERATED ALWAYS AS (to_tsvector('english', title_words)) STORED,
        ADD COLUMN body_stems tsvector GENERATED ALWAYS AS (to_tsvector('english', body_words)) STORED
    """,
    "CREATE INDEX commitments_search_title ON commitments_searchdocument USING gin (title_stems)",
    "CREATE INDEX commitments_search_body ON commitments_searchdocument USING gin (body_stems)",
    "CREATE INDEX commitments_search_title_near ON commitments_searchdocument USING gin (title_words gin_trgm_ops)",
    "CREATE INDEX commitments_search_body_near ON commitments_searchdocument USING gin (body_words gin_trgm_ops)",
    """
    CREATE FUNCTION commitments_nearly(word text, swapped text) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.39 SET enable_seqscan = off AS $$
        SELECT id FROM commitments_searchdocument
        WHERE NOT EXISTS (
            SELECT FROM commitments_searchdocument
            WHERE title_stems @@ plainto_tsquery('english', word) OR body_stems @@ plainto_tsquery('english', word)
        )
        AND (
            word <% title_words
            OR word <% body_words
            OR title_stems @@ to_tsquery('english', swapped)
            OR body_stems @@ to_tsquery('english', swapped)
        )
    $$
    """,
]
POSTGRESQL_BACK = [
    "DROP FUNCTION commitments_nearly(text, text)",
    "ALTER TABLE commitments_searchdocument DROP COLUMN title_stems, DROP COLUMN body_stems",
    "DROP INDEX commitments_search_body_near",
    "DROP INDEX commitments_search_title_near",
]


def lay_indexes(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def lift_indexes(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


def of(model):
    return models.OneToOneField(
        model, django.db.models.deletion.CASCADE, null=True, blank=True, related_name="searched"
    )


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_verifier_is_not_claimant")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assembly",
                    models.ForeignKey(
                        "commitments.assembly", django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
                ("recommendation", of("commitments.recommendation")),
                ("commitment", of("commitments.commitment")),
                ("update", of("commitments.progressupdate")),
                ("title_words", models.TextField(blank=True)),
                ("body_words", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(recommendation__isnull=False, commitment=None, update=None)
                        | Q(recommendation=None, commitment__isnull=False, update=None)
                        | Q(recommendation=None, commitment=None, update__isnull=False),
                        name="a_search_document_has_one_subject",
                    )
                ],
            },
        ),
        migrations.RunPython(lay_indexes, lift_indexes),
    ]
