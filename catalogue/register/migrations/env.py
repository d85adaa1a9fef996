"""What Alembic runs: the connection comes from `migrate`, or from `-x url=…` for authors."""

from __future__ import annotations

from alembic import context

from catalogue.register.tables import metadata, open_engine


def run() -> None:
    """Migrate over the given connection, or over one of our own."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = open_engine(context.get_x_argument(as_dictionary=True)["url"])
    with engine.begin() as connection:
        _migrate(connection)


def _migrate(connection: object) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)  # type: ignore[arg-type]
    with context.begin_transaction():
        context.run_migrations()


run()
