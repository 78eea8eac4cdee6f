"""who works, when hosts may be asked again, and on PostgreSQL the queue"""

from alembic import op
import sqlalchemy as sa
import sqlmodel.sql.sqltypes


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

HELD = ('feed', 'entry', 'delivery')
# Of the queue, whose own names all begin alike.
TAKE_AWAY = """
DO $$
DECLARE each record;
BEGIN
    FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%' LOOP
        EXECUTE format('DROP TABLE %I CASCADE', each.name);
    END LOOP;
    FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', each.name);
    END LOOP;
    FOR each IN SELECT typname AS name FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\\_%' LOOP
        EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', each.name);
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        'worker',
        sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('stages', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('concurrency', sa.Integer(), nullable=False),
        sa.Column('version', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('started_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('beat_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_worker')),
    )
    with op.batch_alter_table('worker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worker_beat_at'), ['beat_at'], unique=False)
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asked_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    is_held = sa.text('lease_until IS NOT NULL')
    for table in HELD:
        op.create_index(
            f'ix_{table}_lease_until', table, ['lease_until'], postgresql_where=is_held, sqlite_where=is_held
        )
    if op.get_bind().dialect.name == 'postgresql':
        from procrastinate.schema import SchemaManager  # a second that no other database need wait for

        _execute(SchemaManager.get_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        _execute(TAKE_AWAY)
    for table in HELD:
        op.drop_index(f'ix_{table}_lease_until', table)
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.drop_column('asked_at')
    op.drop_table('worker')


def _execute(statements: str) -> None:
    """As the driver takes them: several at once, and a per cent sign is one."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(statements)
    cursor.close()
