"""stories"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stream',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.Column('counted_up_to', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stream'))
    )
    op.create_table('term_frequency',
    sa.Column('term', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('term', name=op.f('pk_term_frequency'))
    )
    op.create_table('fingerprint',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('outlet', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('copy_of', sa.Integer(), nullable=True),
    sa.Column('content', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_fingerprint_article_id_article')),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_fingerprint_story_id_story')),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_fingerprint'))
    )
    op.create_table('shingle',
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_shingle_article_id_article')),
    sa.PrimaryKeyConstraint('number', 'article_id', name=op.f('pk_shingle'))
    )
    with op.batch_alter_table('shingle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shingle_article_id'), ['article_id'], unique=False)

    with op.batch_alter_table('fingerprint', schema=None) as batch_op:
        batch_op.create_index('ix_fingerprint_story_id', ['story_id', 'article_id'], unique=False)

    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_up_to', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_correction', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('correction', sqlmodel.sql.sqltypes.AutoString(), nullable=True))

    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('copy_of', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('placing', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f('ix_article_copy_of'), ['copy_of'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_article_copy_of_article'), 'article', ['copy_of'], ['id'])

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('listed_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('readings', sa.Integer(), server_default='0', nullable=False))

    # Stories were found by whole titles so far; what was kept for that helps no more.
    op.execute('DELETE FROM story_term')
    with op.batch_alter_table('story_term', schema=None) as batch_op:
        batch_op.add_column(sa.Column('article_id', sa.Integer(), nullable=False))
        batch_op.drop_index(batch_op.f('ix_story_term_term'))
        batch_op.create_index('ix_story_term_term', ['term', 'article_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_story_term_article_id'), ['article_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('story_term', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_story_term_article_id'))
        batch_op.drop_index('ix_story_term_term')
        batch_op.create_index(batch_op.f('ix_story_term_term'), ['term', 'story_id'], unique=False)
        batch_op.drop_column('article_id')

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_column('readings')
        batch_op.drop_column('listed_hash')

    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_article_copy_of_article'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_article_copy_of'))
        batch_op.drop_column('placing')
        batch_op.drop_column('copy_of')

    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_column('correction')
        batch_op.drop_column('is_correction')
        batch_op.drop_column('told_up_to')

    with op.batch_alter_table('fingerprint', schema=None) as batch_op:
        batch_op.drop_index('ix_fingerprint_story_id')

    op.drop_table('shingle')
    op.drop_table('fingerprint')
    op.drop_table('term_frequency')
    op.drop_table('stream')
