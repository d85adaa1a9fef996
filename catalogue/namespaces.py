"""The namespaces that the catalogue reads and writes, and nothing else.

`PREFIXES` is what we declare when we write Turtle and what the SPARQL page offers;
the constants are the namespace strings, joined to a local name with `+`.
"""

from __future__ import annotations

from typing import Final, NewType

Iri = NewType("Iri", str)

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCT: Final = "http://purl.org/dc/terms/"
DC: Final = "http://purl.org/dc/elements/1.1/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCATAP: Final = "http://data.europa.eu/r5r/"
HDC: Final = "http://healthdataportal.eu/ns/health#"
HRI: Final = "https://w3id.org/health-ri/metadata-vocabulary#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
ADMS: Final = "http://www.w3.org/ns/adms#"
PROV: Final = "http://www.w3.org/ns/prov#"
DPV: Final = "https://w3id.org/dpv#"
DQV: Final = "http://www.w3.org/ns/dqv#"
OA: Final = "http://www.w3.org/ns/oa#"
ODRL: Final = "http://www.w3.org/ns/odrl/2/"
SPDX: Final = "http://spdx.org/rdf/terms#"
CSVW: Final = "http://www.w3.org/ns/csvw#"
CV: Final = "http://data.europa.eu/m8g/"
GEODCAT: Final = "http://data.europa.eu/930/"
GDI: Final = "http://data.gdi.eu/core/p2/"
EUCAIM: Final = "https://cancerimage.eu/ontology/EUCAIM#"
EJPRD: Final = "https://w3id.org/ejp-rd/vocabulary#"
FDPO: Final = "https://w3id.org/fdp/fdp-o#"
R3D: Final = "http://www.re3data.org/schema/3-0#"
LDP: Final = "http://www.w3.org/ns/ldp#"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
AS: Final = "https://www.w3.org/ns/activitystreams#"
LDES: Final = "https://w3id.org/ldes#"
TREE: Final = "https://w3id.org/tree#"
SH: Final = "http://www.w3.org/ns/shacl#"
PROF: Final = "http://www.w3.org/ns/dx/prof/"
OBO: Final = "http://purl.obolibrary.org/obo/"
DUO: Final = "http://purl.obolibrary.org/obo/DUO_"
MONDO: Final = "http://purl.obolibrary.org/obo/MONDO_"
ORDO: Final = "http://www.orpha.net/ORDO/Orphanet_"
SNOMED: Final = "http://snomed.info/id/"
ICD10: Final = "http://id.who.int/icd/release/10/"
EU_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
HDEU: Final = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
SDO: Final = "https://schema.org/"

GC: Final = "https://w3id.org/genoomcatalogus/ns#"
"""Our extension vocabulary; the catalogue serves its document at `/ns`."""

PROFILES: Final = "https://w3id.org/genoomcatalogus/profiles/"
"""What our profiles are called, each with its key at the end."""

TOO_LONG: Final = GC + "tooLong"
"""Datatype that our parser puts in place of a text beyond the limit; its value is the length."""

PREFIXES: Final[dict[str, str]] = {
    "adms": ADMS,
    "cv": CV,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dct": DCT,
    "dpv": DPV,
    "dqv": DQV,
    "duo": DUO,
    "eu": EU_AUTHORITY,
    "fdp": FDPO,
    "foaf": FOAF,
    "gc": GC,
    "gdi": GDI,
    "hdc": HDC,
    "hri": HRI,
    "hydra": HYDRA,
    "ldp": LDP,
    "mondo": MONDO,
    "obo": OBO,
    "odrl": ODRL,
    "ordo": ORDO,
    "owl": OWL,
    "prof": PROF,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sct": SNOMED,
    "sh": SH,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}
