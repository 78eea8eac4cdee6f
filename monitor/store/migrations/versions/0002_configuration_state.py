"""what became of an edit"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('configuration_state',
    sa.Column('file', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('in_force_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('refused_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('refused_for', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.PrimaryKeyConstraint('file', name=op.f('pk_configuration_state'))
    )


def downgrade() -> None:
    op.drop_table('configuration_state')
