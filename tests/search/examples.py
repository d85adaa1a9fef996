"""A small vocabulary, and datasets from a seed: what the search tests search through."""

from __future__ import annotations

import random
from collections.abc import Iterator

from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset
from catalogue.model.genome import AssayGroup, Condition, ConsentStratum, Linkage, Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import DUO, GC, GDI, ICD10, MONDO, ORDO, Iri
from catalogue.search.document import SearchDocument, document
from catalogue.terms.concept import Concept, Scheme, Vocabulary


def both(en: str, nl: str) -> LangText:
    return LangText((Text(en, "en"), Text(nl, "nl")))


def a_concept(slug, en, nl, broader=(), *, exact=(), synonyms=(), iri=None) -> Concept:
    return Concept(
        iri=Iri(iri or GC + slug),
        notation=slug.partition("-")[2] if slug.partition("-")[0] in PREFIXES else slug,
        labels=both(en, nl),
        alternatives=LangText(tuple(Text(*pair) for pair in synonyms)),
        broader=tuple(Iri(GC + up) for up in broader),
        exact=tuple(Iri(code) for code in exact),
    )


PREFIXES = {"disease", "assay", "access", "target", "linkage", "band", "use", "onemg"}

DISEASES = (
    a_concept("disease-cancer", "cancer", "kanker"),
    a_concept("disease-solid-tumour", "solid tumour", "solide tumor", ["disease-cancer"]),
    a_concept(
        "disease-breast-cancer",
        "breast cancer",
        "borstkanker",
        ["disease-solid-tumour"],
        exact=[MONDO + "0007254", ICD10 + "2019/C50"],
        synonyms=[("mammary cancer", "en"), ("mammacarcinoom", "nl")],
    ),
    a_concept(
        "disease-hereditary-breast-carcinoma",
        "hereditary breast carcinoma",
        "erfelijke borstkanker",
        ["disease-breast-cancer", "disease-rare-genetic"],
        exact=[ORDO + "227535"],
    ),
    a_concept("disease-melanoma", "melanoma", "melanoom", ["disease-solid-tumour"]),
    a_concept("disease-rare-genetic", "rare genetic disorder", "zeldzame genetische ziekte"),
    a_concept(
        "disease-cystic-fibrosis",
        "cystic fibrosis",
        "cystische fibrose",
        ["disease-rare-genetic"],
        synonyms=[("taaislijmziekte", "nl")],
    ),
    a_concept("disease-cardiovascular", "cardiovascular disease", "hart- en vaatziekte"),
    a_concept(
        "disease-cardiomyopathy", "cardiomyopathy", "cardiomyopathie", ["disease-cardiovascular"]
    ),
    a_concept(
        "disease-hypertrophic-cardiomyopathy",
        "hypertrophic cardiomyopathy",
        "hypertrofische cardiomyopathie",
        ["disease-cardiomyopathy", "disease-rare-genetic"],
    ),
)
ASSAYS = (
    a_concept("assay-sequencing", "sequencing", "sequencing"),
    a_concept("assay-dna-sequencing", "DNA sequencing", "DNA-sequencing", ["assay-sequencing"]),
    a_concept(
        "assay-wgs",
        "whole genome sequencing",
        "hele-genoomsequencing",
        ["assay-dna-sequencing"],
        synonyms=[("WGS", "en")],
    ),
    a_concept(
        "assay-wes",
        "whole exome sequencing",
        "exoomsequencing",
        ["assay-dna-sequencing"],
        synonyms=[("WES", "en"), ("exoom", "nl")],
    ),
    a_concept("assay-rna-seq", "RNA sequencing", "RNA-sequencing", ["assay-sequencing"]),
    a_concept("assay-array", "array", "array"),
)
USES = (
    a_concept("GRU", "general research use", "algemeen onderzoek", iri=DUO + "0000042"),
    a_concept("HMB", "health research", "gezondheidsonderzoek", iri=DUO + "0000006"),
    a_concept("NPU", "not-for-profit only", "alleen zonder winst", iri=DUO + "0000045"),
)
FLAT = {
    "accessibility": ("access-open", "access-controlled", "access-no-route"),
    "linkage-target": ("target-ehr", "target-cancer-registry", "target-pathology"),
    "linkage-status": ("linkage-linked", "linkage-possible", "linkage-not-allowed"),
    "band": (
        "band-fewer-than-10",
        "band-10-99",
        "band-100-999",
        "band-1000-9999",
        "band-10000-plus",
    ),
}
ONE_MG = (a_concept("onemg-compliant", "1+MG", "1+MG", iri=GDI + "1MGCompliant"),)


def a_scheme(key: str, concepts: tuple[Concept, ...]) -> Scheme:
    silence = a_concept("not-stated", "not stated", "niet vermeld", iri=GC + key + "-not-stated")
    return Scheme(key=key, iri=Iri(GC + key), concepts=(*concepts, silence))


def a_vocabulary() -> Vocabulary:
    flat = {
        key: tuple(a_concept(slug, slug, slug) for slug in slugs) for key, slugs in FLAT.items()
    }
    concepts = flat | {"disease": DISEASES, "assay": ASSAYS, "data-use": USES, "one-mg": ONE_MG}
    return Vocabulary(schemes={key: a_scheme(key, found) for key, found in concepts.items()})


VOCABULARY = a_vocabulary()
HOLDERS = {"noordzee": "Noordzee UMC", "waddenland": "Waddenland UMC", "amstelkade": "Amstelkade"}
WORDS = [
    "cohort",
    "patients",
    "genomes",
    "exomes",
    "tumour",
    "blood",
    "follow-up",
    "registry",
    "cardiomyopathies",
    "families",
    "samples",
    "genomen",
    "patiënten",
    "tumoren",
    "kinderen",
    "ziekte",
    "onderzoek",
    "Ménière",
    "longitudinal",
    "biobank",
]


def gc(slug: str) -> Iri:
    return Iri(GC + slug)


def a_dataset(**given) -> Dataset:
    values = {"iri": Iri("https://genoom.example/dataset/x"), "title": both("A title", "Een titel")}
    return Dataset(**values | given)


def a_document(identifier: str = "x", *, holder: str = "noordzee", **given) -> SearchDocument:
    name = LangText((Text(HOLDERS[holder], "nl"),))
    return document(identifier, a_dataset(**given), holder, name, VOCABULARY)


def documents(count: int, seed: int = 7) -> Iterator[SearchDocument]:
    """Datasets of every kind, the same for the same seed; about one in six facts is missing."""
    chance = random.Random(seed)
    for number in range(count):
        yield a_document(
            f"d{number:04}", holder=chance.choice(sorted(HOLDERS)), **_facts(chance, number)
        )


def _facts(chance: random.Random, number: int) -> dict:
    return {
        "title": both(" ".join(chance.choices(WORDS, k=4)), " ".join(chance.choices(WORDS, k=4))),
        "description": LangText((Text(" ".join(chance.choices(WORDS, k=30)), "en"),)),
        "diseases": _some(chance, [each.iri for each in DISEASES] + ["ICD10:Z99", "free text"]),
        "assay_groups": tuple(
            AssayGroup(assay=iri) for iri in _some(chance, [each.iri for each in ASSAYS])
        ),
        "consent": tuple(_stratum(chance) for _ in range(chance.randrange(3))),
        "linkages": tuple(
            Linkage(target=gc(target), status=gc(chance.choice(FLAT["linkage-status"])))
            for target in _some(chance, FLAT["linkage-target"])
        ),
        "accessibility": chance.choice([None, *map(gc, FLAT["accessibility"])]),
        "individuals": chance.choice(
            [None, Count(below=10), Count(value=chance.choice([0, 20, 300, 4_000, 50_000]))]
        ),
        "temporal": _some(chance, [Period(start="2015", end="2018"), Period(start="2021-03")]),
        "conforms_to": _some(chance, [Iri(GDI + "1MGCompliant"), Iri("https://other.example/")]),
        "issued": f"20{10 + number % 15}-01-01",
    }


def _some(chance: random.Random, choices) -> tuple:
    return tuple(chance.sample(list(choices), chance.randrange(min(3, len(choices)) + 1)))


def _stratum(chance: random.Random) -> ConsentStratum:
    terms = _some(chance, [each.iri for each in USES])
    return ConsentStratum(conditions=tuple(Condition(term=term) for term in terms))
