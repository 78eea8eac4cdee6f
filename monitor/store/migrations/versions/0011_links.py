"""silences of one channel, and which links of messages were used"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('silence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_table(
        'used_link',
        sa.Column('link', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('used_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('link', name=op.f('pk_used_link')),
    )
    with op.batch_alter_table('used_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_used_link_used_at'), ['used_at'], unique=False)


def downgrade() -> None:
    op.drop_table('used_link')
    with op.batch_alter_table('silence', schema=None) as batch_op:
        batch_op.drop_column('channel')
