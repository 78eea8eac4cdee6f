"""what was told of monitor itself, its channels and topics"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'own_notice',
        sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('about', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('over_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('kind', 'subject', name=op.f('pk_own_notice')),
    )


def downgrade() -> None:
    op.drop_table('own_notice')
