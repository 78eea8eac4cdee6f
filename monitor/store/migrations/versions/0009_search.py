"""an index of the words of all articles, kept by the database itself"""

import unicodedata

from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

SQLITE = (
    # The texts stay where they are; columnsize would only serve a ranking.
    """CREATE VIRTUAL TABLE article_words USING fts5(
        title, text, content='article', content_rowid='id', columnsize=0, tokenize="unicode61 remove_diacritics 2")""",
    """CREATE TRIGGER article_words_insert AFTER INSERT ON article BEGIN
        INSERT INTO article_words(rowid, title, text) VALUES (new.id, new.title, new.text); END""",
    """CREATE TRIGGER article_words_delete AFTER DELETE ON article BEGIN
        INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.id, old.title, old.text); END""",
    """CREATE TRIGGER article_words_update AFTER UPDATE OF title, text ON article
        WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
        INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
        INSERT INTO article_words(rowid, title, text) VALUES (new.id, new.title, new.text); END""",
    "INSERT INTO article_words(article_words) VALUES ('rebuild')",
)


def letters() -> tuple[str, str]:
    """Latin letters with something over or under them, and those without."""
    found = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize('NFD', chr(code))[0].lower()
        if base.isascii() and base.isalpha():
            found[chr(code)] = base
    return ''.join(found), ''.join(found.values())


def postgresql() -> str:
    marked, plain = letters()
    # Signs between words, by their numbers: what is a letter would depend on the locale of the server.
    signs = r'[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+'
    text = f"translate(lower(left(title::text || ' ' || text::text, 200000)), '{marked}', '{plain}')"
    return f"""ALTER TABLE article ADD COLUMN words tsvector GENERATED ALWAYS AS (
        to_tsvector('simple'::regconfig, regexp_replace({text}, '{signs}', ' ', 'g'))) STORED"""


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for statement in SQLITE:
            op.execute(statement)
        return
    op.get_bind().exec_driver_sql(postgresql())
    op.execute('CREATE INDEX ix_article_words ON article USING gin (words)')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for change in ('insert', 'delete', 'update'):
            op.execute(f'DROP TRIGGER article_words_{change}')
        op.execute('DROP TABLE article_words')
        return
    op.drop_index('ix_article_words')
    op.drop_column('article', 'words')
