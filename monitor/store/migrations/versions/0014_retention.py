"""when the text of an article was deleted"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('emptied_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    is_whole = sa.text('emptied_at IS NULL')
    op.create_index(
        'ix_article_whole', 'article', ['first_seen_at'], postgresql_where=is_whole, sqlite_where=is_whole
    )


def downgrade() -> None:
    op.drop_index('ix_article_whole', 'article')
    op.drop_column('article', 'emptied_at')
