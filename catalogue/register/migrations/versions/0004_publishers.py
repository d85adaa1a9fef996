"""As whom each public record is published, so that nobody else describes that agent."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from catalogue.namespaces import DCT
from catalogue.rdf.graph import Graph
from catalogue.rdf.identity import short
from catalogue.register.packing import unpacked
from catalogue.register.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PUBLIC = sa.text(
    "SELECT r.id, r.kind, r.first_seen, v.public FROM records r JOIN versions v"
    " ON v.record = r.id AND v.number = r.version WHERE r.state = 'published' AND r.id > :last"
    " ORDER BY r.id LIMIT 500"
).columns(first_seen=Moment())


def upgrade() -> None:
    """Apply."""
    made = op.create_table(
        "publishers",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=512), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record"],
            ["records.id"],
            name=op.f("fk_publishers_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record", "agent", name=op.f("pk_publishers")),
    )
    op.create_index(op.f("ix_publishers_agent"), "publishers", ["agent"])
    for rows in _kept():
        if rows:
            op.bulk_insert(made, rows)


def _kept() -> Iterator[list[dict[str, Any]]]:
    """As whom what is public already is published, in portions; since it was first seen."""
    last = ""
    while found := op.get_bind().execute(PUBLIC, {"last": last}).all():
        yield [row for each in found for row in _rows(each)]
        last = found[-1].id


def _rows(of: Any) -> Iterator[dict[str, Any]]:
    graph = Graph.from_n_triples(unpacked(of.public))
    agents = {
        short(each.object.value)
        for each in graph
        if each.predicate.value == DCT + "publisher"
        and getattr(each.subject, "value", "").endswith(f"/{of.kind}/{of.id}")
        and hasattr(each.object, "value")
        and str(each.object).startswith("<")
    }
    return ({"record": of.id, "agent": each, "since": of.first_seen} for each in sorted(agents))


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_publishers_agent"), "publishers")
    op.drop_table("publishers")
