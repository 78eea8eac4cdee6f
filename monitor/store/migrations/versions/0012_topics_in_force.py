"""the topics in force, so that an edit can be compared with them"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('configuration_state', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_force', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('configuration_state', schema=None) as batch_op:
        batch_op.drop_column('in_force')
