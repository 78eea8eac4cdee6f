"""refused topics"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('configuration_state', schema=None) as batch_op:
        batch_op.add_column(sa.Column('refused_topics', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('configuration_state', schema=None) as batch_op:
        batch_op.drop_column('refused_topics')
