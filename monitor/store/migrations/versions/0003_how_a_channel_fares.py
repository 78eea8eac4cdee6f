"""how a channel fares"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('channel_state', schema=None) as batch_op:
        batch_op.add_column(sa.Column('failing_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('refusals', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('paused_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('broken_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('silences', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('cards_sent', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('trying_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('provider_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('moved_to', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_delivery_moved_to'), ['moved_to'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_delivery_moved_to_delivery'), 'delivery', ['moved_to'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_delivery_moved_to_delivery'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_delivery_moved_to'))
        batch_op.drop_column('moved_to')
        batch_op.drop_column('provider_id')
        batch_op.drop_column('trying_since')
        batch_op.drop_column('cards_sent')
        batch_op.drop_column('silences')

    with op.batch_alter_table('channel_state', schema=None) as batch_op:
        batch_op.drop_column('told_at')
        batch_op.drop_column('broken_at')
        batch_op.drop_column('paused_until')
        batch_op.drop_column('refusals')
        batch_op.drop_column('failing_since')
