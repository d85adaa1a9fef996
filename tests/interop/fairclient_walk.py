"""What a steward's own script does with `fairclient`; run by an interpreter that has it.

Writes what happened, as JSON. Arguments: the address of the catalogue and a token.
"""

from __future__ import annotations

import json
import sys
import time

import requests
from fairclient.fdpclient import FDPClient
from fairclient.sparqlclient import FDPSPARQLClient
from fairclient.utils import add_or_update_dataset
from rdflib import DCAT, DCTERMS, FOAF, RDF, BNode, Graph, Literal, URIRef

TRIES, PAUSE = 100, 0.1
IDENTIFIER = "heart-1"


def described(subject: str, kind: URIRef, title: str, parent: str) -> Graph:
    """A description as such scripts make it: with a subject of the hospital's own."""
    graph, node, publisher = Graph(), URIRef(subject), BNode()
    graph.add((node, RDF.type, kind))
    graph.add((node, DCTERMS.title, Literal(title, lang="en")))
    graph.add((node, DCTERMS.isPartOf, URIRef(parent)))
    graph.add((node, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal("Noordzee UMC")))
    return graph


def dataset(title: str, catalog: str) -> Graph:
    """A dataset with an identifier by which it is found again."""
    graph = described("https://umc.example/heart", DCAT.Dataset, title, catalog)
    graph.add((URIRef("https://umc.example/heart"), DCTERMS.identifier, Literal(IDENTIFIER)))
    return graph


def found(sparql: FDPSPARQLClient, catalog: str, *, there: bool) -> str | None:
    """What SPARQL finds, when the store has caught up."""
    for _ in range(TRIES):
        subject = sparql.find_subject(IDENTIFIER, catalog)
        if (subject is not None) is there:
            return subject
        time.sleep(PAUSE)
    raise SystemExit(f"SPARQL does not show it: there={there}")


def walk(base: str, token: str) -> dict[str, object]:
    """Create, publish, find, update and delete."""
    client = FDPClient(base, "anna@umc.example", token)
    sparql = FDPSPARQLClient(f"{base}/sparql")
    catalog = str(
        client.create_and_publish(
            "catalog", described("https://umc.example/cat", DCAT.Catalog, "Hearts", base)
        )
    )
    first = str(
        add_or_update_dataset(dataset("Exomes", catalog), client, IDENTIFIER, catalog, sparql)
    )
    part = described("https://umc.example/vcf", DCAT.Distribution, "Variants", first)
    distribution = str(client.create_and_publish("distribution", part))
    by_query = found(sparql, catalog, there=True)
    add_or_update_dataset(dataset("Genomes", catalog), client, IDENTIFIER, catalog, sparql)
    text = client.get_data(first).text
    client.delete_record(first)
    found(sparql, catalog, there=False)
    return {
        "catalog": catalog,
        "dataset": first,
        "distribution": distribution,
        "found": by_query,
        "updated": "Genomes" in text and "Exomes" not in text,
        "gone": requests.get(first, timeout=30).status_code,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(walk(*sys.argv[1:])))
