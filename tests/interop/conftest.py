"""A catalogue of one's own, started as an operator starts it, with a steward's token."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import requests
from served import CATALOGUE, ROOT, Served, serving

from catalogue.namespaces import EJPRD, HDC

HEALTH_THEME = "http://publications.europa.eu/resource/authority/data-theme/HEAL"


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """An empty catalogue."""
    with serving("serve") as started:
        yield started


@pytest.fixture(scope="session")
def token(served: Served) -> str:
    """The token of a steward of noordzee."""
    words = ["token", "create", "--organisation", "noordzee", "--role", "steward", "--name", "Anna"]
    words.append("--new")
    made = subprocess.run(
        [str(CATALOGUE), *words],
        cwd=ROOT,
        env=served.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@dataclass(frozen=True, slots=True)
class Filled:
    """The addresses of what a steward wrote: all public, but for the draft."""

    base: str
    catalog: str
    datasets: tuple[str, ...]
    discoverable: str
    distribution: str
    series: str
    draft: str

    @property
    def public(self) -> set[str]:
        """Everything that a client should find."""
        return {self.catalog, *self.datasets, self.distribution, self.series}


@pytest.fixture(scope="session")
def filled(served: Served, token: str) -> Filled:
    """A catalogue with one catalog, three datasets, a series, a distribution and a draft."""
    pen = Pen(served.base, token)
    catalog = pen.publish(pen.write("catalog", "Catalog", served.base))
    flag = f"<{EJPRD}vpConnection> <{EJPRD}VPDiscoverable> ;"
    one, two, three = (
        pen.publish(pen.write("dataset", "Dataset", catalog, f"{said(f'd-{number}')} {more}"))
        for number, more in enumerate(("", "", flag))
    )
    part = pen.publish(pen.write("distribution", "Distribution", one))
    series = pen.publish(pen.write("dataset-series", "DatasetSeries", catalog))
    draft = pen.write("dataset", "Dataset", catalog, f"{said('d-draft')} {flag}")
    return Filled(served.base, catalog, (one, two, three), three, part, series, draft)


def said(identifier: str) -> str:
    """What a harvester of health data looks for in a dataset."""
    return (
        f'dct:identifier "{identifier}" ; dcat:theme <{HEALTH_THEME}> ;'
        f" <{HDC}numberOfUniqueIndividuals> 80 ;"
    )


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes as a steward's script does."""

    base: str
    token: str

    def write(self, prefix: str, kind: str, parent: str, more: str = "") -> str:
        """A new draft; its address."""
        body = (
            "@prefix dcat: <http://www.w3.org/ns/dcat#> ."
            " @prefix dct: <http://purl.org/dc/terms/> ."
            f" <> a dcat:{kind} ; dct:isPartOf <{parent}> ; {more}"
            f' dct:title "Genomes {uuid4()}"@en ;'
            ' dct:publisher [ <http://xmlns.com/foaf/0.1/name> "Noordzee UMC" ] .'
        )
        return self._send("POST", f"{self.base}/{prefix}", body, "text/turtle").headers["Location"]

    def publish(self, iri: str) -> str:
        """Make it public."""
        self._send("PUT", f"{iri}/meta/state", '{"current": "PUBLISHED"}', "application/json")
        return iri

    def _send(self, method: str, url: str, body: str, kind: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        answer = requests.request(method, url, data=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer
