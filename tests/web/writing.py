"""A site where stewards write, on a register of its own: real parsing, validation and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
from web import townhall
from web.reception import Reception, reception

from catalogue.ingest.check import Tools, tools
from catalogue.ingest.projection import LiveIndex
from catalogue.rdf.graph import Graph
from catalogue.register.register import Register
from catalogue.register.submitted import Submissions
from catalogue.search.index import Index
from catalogue.submissions.desk import Submitting
from catalogue.web import create_app, session
from catalogue.web.services import Services

BASE = townhall.BASE
TURTLE = "text/turtle"
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PUBLISHED, DRAFT = {"current": "PUBLISHED"}, {"current": "DRAFT"}
LABELS = re.compile(r"_:\w+")


@cache
def _tools() -> Tools:
    """Started once for all tests, because starting takes longer than a test."""
    return tools(townhall.SHAPES, addresses=False)


@cache
def _parts() -> Services:
    return townhall.services()


class Desk:
    """The site, with three tokens: anna of noordzee, bob of merwestad, and ada, an admin."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.kept = Submissions(register.engine)
        self.people: Reception = reception()
        terms = townhall.vocabulary()
        self.parts = replace(
            _parts(),
            register=register,
            search=LiveIndex(register, terms, Index(terms), pause=0),
            desk=self.people.desk,
            submissions=Submitting(register, self.kept, _tools),
        )
        self.app = create_app(self.parts, townhall.settings(base_url=register.base))
        self.client = self.app.test_client()

    def forgetting(self) -> Desk:
        """The same site, which has forgotten the wrong tokens that it saw."""
        self.app.extensions[session.WINDOW] = session.wrong_tokens()
        return self

    def ask(self, method: str, path: str, who: str = "", body: str = "", **headers: str) -> Any:
        """A request of `who` (anna, bob, ada, or nobody), as a FAIR Data Point client sends it."""
        path = urlsplit(path)._replace(scheme="", netloc="").geturl()
        given = {"Accept": "*/*", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if who:
            given["Authorization"] = f"Bearer {getattr(self.people, who)}"
        if body and "Content-Type" not in given:
            given["Content-Type"] = TURTLE
        return self.client.open(
            path, method=method, headers=given, data=body or None, base_url=BASE
        )

    def post(self, prefix: str, turtle: str, who: str = "anna", **headers: str) -> Any:
        return self.ask("POST", f"/{prefix}", who, PREFIXES + turtle, **headers)

    def put(self, path: str, turtle: str, who: str = "anna", **headers: str) -> Any:
        return self.ask("PUT", path, who, PREFIXES + turtle, **headers)

    def state(self, path: str, current: str, who: str = "anna") -> Any:
        body = f'{{"current": "{current}"}}'
        kind = {"Content_Type": "application/json"}
        return self.ask("PUT", f"{path}/meta/state", who, body, **kind)

    def made(self, prefix: str, turtle: str, who: str = "anna") -> str:
        """The address of a new draft."""
        answer = self.post(prefix, turtle, who)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def publish(self, path: str, who: str = "anna") -> str:
        answer = self.state(path, "PUBLISHED", who)
        assert answer.status_code == 200, answer.text
        return path

    def catalog(self, who: str = "anna") -> str:
        """A public catalog."""
        return self.publish(self.made("catalog", called(a_catalog(), who), who), who)

    def dataset(self, catalog: str, more: str = "", who: str = "anna") -> str:
        """A public dataset."""
        turtle = called(a_dataset(catalog, more=more), who)
        return self.publish(self.made("dataset", turtle, who), who)

    def graph(self, path: str, who: str = "") -> Graph:
        answer = self.ask("GET", path, who)
        assert answer.status_code == 200, answer.text
        return read(answer.get_data(), path)

    def log(self) -> list[tuple[str, str, str]]:
        """(who, action, subject) of the audit log."""
        with self.register.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT actor, action, subject FROM audit").all()
        return [(row[0].partition(" ")[0], row[1], row[2]) for row in rows]


def read(content: bytes, base: str = BASE) -> Graph:
    return Graph(
        quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=base)
    )


def called(turtle: str, who: str) -> str:
    """The same, published by the organisation of `who`."""
    return turtle.replace("Noordzee UMC", "Merwestad Hospital") if who == "bob" else turtle


def a_catalog(subject: str = "<>", title: str = "Catalogue of Noordzee") -> str:
    return (
        f'{subject} a dcat:Catalog ; dct:title "{title}"@en ; dct:isPartOf <{BASE}> ;'
        f' dct:publisher [ a foaf:Agent ; foaf:name "Noordzee UMC"@en ] .'
    )


def a_dataset(
    catalog: str, subject: str = "<>", title: str = "Exomes of hearts", more: str = ""
) -> str:
    return (
        f'{subject} a dcat:Dataset ; dct:title "{title}"@en ; dct:isPartOf <{catalog}> ; {more}'
        f' dct:publisher [ a foaf:Agent ; foaf:name "Noordzee UMC"@en ] .'
    )


def a_distribution(dataset: str, subject: str = "<>") -> str:
    return (
        f'{subject} a dcat:Distribution ; dct:title "Variants"@en ; dct:isPartOf <{dataset}> ;'
        f" dcat:accessURL <https://umc.example/ask> ; dcat:mediaType <https://m.example/vcf> ."
    )


@contextmanager
def writing(folder: Path) -> Iterator[Desk]:
    register = Register.open(f"sqlite:///{folder}/r.sqlite", BASE)
    yield Desk(register)
    register.close()
