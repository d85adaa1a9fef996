"""What happens to records, one moment after another, in a real register."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from given import NOON, a_draft, a_graph

from catalogue.model.source import Source
from catalogue.rdf.graph import Graph
from catalogue.register.records import RunState
from catalogue.register.register import Register
from catalogue.register.writer import Writer

SOURCE = Source(slug="merwestad", title="Merwestad", protocol="fdp", url="https://umc.example/")


class Story:
    """Each step happens a minute after the one before; usually the first at one past twelve."""

    def __init__(self, register: Register, now: datetime = NOON) -> None:
        self.now = now
        self.register = register
        self.base = register.base
        self.writer = Writer(register.engine, lambda: self.now)
        self.writer.save_source(SOURCE)

    def save(self, name: str, title: str = "Genomes", **changes: Any) -> None:
        """A new version; `reason="minimum"` holds it."""
        self.now += timedelta(minutes=1)
        plain = f'<{self.base}/dataset/{name}> a dcat:Dataset ; dct:title "{title}"@en .'
        changes = {"public": a_graph(plain), **changes}
        run = self.writer.begin("merwestad")
        self.writer.save(run, a_draft(name, title=title, digest=title, **changes))
        self.writer.finish(run, RunState.PARTIAL, "", seen=set(), gone=set(), outcomes=[])

    def list(
        self, name: str, catalog: str, title: str = "Genomes", more: str = "", **changes: Any
    ) -> None:
        """A dataset in one of our catalogs, with `more` Turtle about it."""
        public = self._listed(name, title, catalog, more)
        self.save(name, title, catalog=catalog, public=public, **changes)

    def catalog(self, name: str, title: str = "Catalogue of Merwestad", **changes: Any) -> None:
        """A catalog; `members` are what its source lists in it."""
        turtle = f'<{self.base}/catalog/{name}> a dcat:Catalog ; dct:title "{title}"@en .'
        self.save(name, title, kind="catalog", public=a_graph(turtle), **changes)

    def withdraw(self, *names: str) -> None:
        """Their holder says that they are gone."""
        self.now += timedelta(minutes=1)
        run = self.writer.begin("merwestad")
        self.writer.finish(run, RunState.PARTIAL, "", seen=set(), gone=set(names), outcomes=[])

    def _listed(self, name: str, title: str, catalog: str, more: str) -> Graph:
        """A graph with the parts that make serialisation hard: blank nodes, odd names."""
        ours, reads = f"{self.base}/dataset/{name}", f"{self.base}/distribution/{name}d"
        return a_graph(
            f'<{ours}> a dcat:Dataset ; dct:title "{title}"@en ;'
            f' dct:issued "2024-05-01"^^xsd:date ;'
            f" dct:isPartOf <{self.base}/catalog/{catalog}> ;"
            f" adms:identifier _:b{name}-original ;"
            f' dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:desk@umc.example> ] ;'
            f" <https://terms.example/odd#0> 1 ; <https://terms.example/plain> 2 ; {more}"
            f" dcat:distribution <{reads}> ."
            f' _:b{name}-original skos:notation "https://umc.example/{name}"^^xsd:anyURI .'
            f' <{reads}> a dcat:Distribution ; dct:title "Reads"@en .'
        )
