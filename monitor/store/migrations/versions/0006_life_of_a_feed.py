"""a feed's life"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_flood', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('link_mark', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('title_mark', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('text_mark', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('published_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index('ix_entry_feed_id_first_seen_at', ['feed_id', 'first_seen_at'], unique=False)
        batch_op.create_index('ix_entry_feed_id_link_mark', ['feed_id', 'link_mark'], unique=False)
        batch_op.create_index('ix_entry_feed_id_title_mark', ['feed_id', 'title_mark'], unique=False)

    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('host', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('is_paced', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('slot_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('moved_to', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('full_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('listed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('keyed_by', sqlmodel.sql.sqltypes.AutoString(), server_default='guid', nullable=False))
        batch_op.add_column(sa.Column('rekeyed', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('hurry', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('gap_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('gaps', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('breakdowns', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('failing_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('due_for', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('new_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))

    # What was noticed until now counts as noticed, so that no feed seems silent or newly broken at the first look.
    op.execute(
        "UPDATE feed SET new_at = (SELECT max(entry.first_seen_at) FROM entry"
        " WHERE entry.feed_id = feed.id AND entry.first_seen_at > feed.first_read_at)"
    )
    op.execute("UPDATE feed SET failing_since = COALESCE(last_success_at, last_polled_at) WHERE failures > 0")

    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.add_column(sa.Column('slot_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))

    op.create_table(
        'notice',
        sa.Column('feed_id', sa.Integer(), nullable=False),
        sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('about', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('over_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_notice_feed_id_feed')),
        sa.PrimaryKeyConstraint('feed_id', 'kind', name=op.f('pk_notice')),
    )


def downgrade() -> None:
    op.drop_table('notice')
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.drop_column('slot_at')

    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.drop_column('new_at')
        batch_op.drop_column('due_for')
        batch_op.drop_column('failing_since')
        batch_op.drop_column('breakdowns')
        batch_op.drop_column('gaps')
        batch_op.drop_column('gap_at')
        batch_op.drop_column('hurry')
        batch_op.drop_column('rekeyed')
        batch_op.drop_column('keyed_by')
        batch_op.drop_column('listed')
        batch_op.drop_column('full_at')
        batch_op.drop_column('moved_to')
        batch_op.drop_column('slot_at')
        batch_op.drop_column('is_paced')
        batch_op.drop_column('host')

    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index('ix_entry_feed_id_title_mark')
        batch_op.drop_index('ix_entry_feed_id_link_mark')
        batch_op.drop_index('ix_entry_feed_id_first_seen_at')
        batch_op.drop_column('published_at')
        batch_op.drop_column('text_mark')
        batch_op.drop_column('title_mark')
        batch_op.drop_column('link_mark')
        batch_op.drop_column('in_flood')

