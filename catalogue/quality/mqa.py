"""The Metadata Quality Assessment of data.europa.eu: 405 points in five dimensions.

The weights and ratings are those of https://data.europa.eu/mqa/methodology. The assessment
was made for open data: data that are rightly closed lose points for it, which is why
`controlled` stands beside it. Whether addresses answer is not checked here; pass what a link
checker found as `reachable`, or leave it out and 80 points stay "not checked".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import pyoxigraph as ox

from catalogue.namespaces import DCAT, DCT, GC
from catalogue.quality import known
from catalogue.quality.score import MQA, Criterion, Rule, Score, any_met
from catalogue.rdf.graph import Graph, Node, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A node of a graph, what its profile check said, and which addresses answered."""

    graph: Graph
    node: Node
    conforms: bool | None = None
    reachable: Mapping[str, bool] = field(default_factory=dict)

    def values(self, predicate: str) -> list[Term]:
        """What is stated; an empty text states nothing."""
        found = self.graph.objects(self.node, predicate)
        return [term for term in found if isinstance(term, ox.BlankNode) or term.value.strip()]

    def addresses(self, predicate: str) -> list[str]:
        """The stated values that have a name."""
        return [t.value for t in self.values(predicate) if not isinstance(t, ox.BlankNode)]


Test = Callable[[Described], bool | None]

FOR_OPEN_DATA = {"download-url", "download-url-status"}


def mqa(
    graph: Graph,
    subject: Node,
    *,
    shacl_conforms: bool | None,
    reachable: Mapping[str, bool] | None = None,
) -> Score:
    """The score of the dataset `subject`.

    `shacl_conforms` is the verdict of DCAT-AP 3, `None` when it was not checked. Of several
    distributions the best one counts, in each dimension.
    """
    asked = Described(graph=graph, node=subject, conforms=shacl_conforms, reachable=reachable or {})
    forms = [replace(asked, node=node) for node in _distributions(graph, subject)]
    dimensions = dict.fromkeys(rule.dimension for rule in (*DATASET, *DISTRIBUTION))
    found = chain.from_iterable(_dimension(name, asked, forms) for name in dimensions)
    closed = _closed(asked)
    return Score(scheme=MQA, criteria=tuple(_advised(criterion, closed) for criterion in found))


def _closed(asked: Described) -> bool:
    """Whether it is stated that not everybody may have the data."""
    stated = {*asked.addresses(DCT + "accessRights"), *asked.addresses(GC + "accessibility")}
    return not stated.isdisjoint(known.CLOSED)


def _advised(criterion: Criterion, closed: bool) -> Criterion:
    """Nobody is told to put closed data up for download."""
    return replace(criterion, advised=not (closed and criterion.key in FOR_OPEN_DATA))


def _distributions(graph: Graph, subject: Node) -> list[Node]:
    found = graph.objects(subject, DCAT + "distribution")
    return [node for node in found if not isinstance(node, ox.Literal)]


def _dimension(name: str, asked: Described, forms: list[Described]) -> list[Criterion]:
    own = [rule.judge(asked) for rule in DATASET if rule.dimension == name]
    rules = [rule for rule in DISTRIBUTION if rule.dimension == name]
    answers = [[rule.judge(form) for rule in rules] for form in forms]
    none = [rule.answered(met=False) for rule in rules]
    return own + max(answers, key=_worth, default=none)


def _worth(criteria: Iterable[Criterion]) -> tuple[int, int]:
    """What a distribution earned, and what it may still turn out to be worth."""
    found = list(criteria)
    return sum(c.points for c in found), sum(c.of for c in found if c.met is None)


def _stated(predicate: str) -> Test:
    return lambda asked: bool(asked.values(predicate))


def _listed(predicate: str, accepts: Callable[[str], bool]) -> Test:
    return lambda asked: any(accepts(iri) for iri in asked.addresses(predicate))


def _answers(predicate: str) -> Test:
    """Whether an address answers: as far as somebody tried, else not checked."""
    return lambda asked: any_met(map(asked.reachable.get, asked.addresses(predicate)))


DATASET: tuple[Rule[Described], ...] = (
    Rule(
        "keyword",
        "findability",
        30,
        _stated(DCAT + "keyword"),
        "Trefwoorden",
        "Keywords",
        "Voeg trefwoorden toe (dcat:keyword).",
        "Add keywords (dcat:keyword).",
    ),
    Rule(
        "theme",
        "findability",
        30,
        _stated(DCAT + "theme"),
        "Thema",
        "Theme",
        "Voeg een thema uit de Europese lijst toe (dcat:theme), voor gezondheid is dat HEAL.",
        "Add a theme from the European list (dcat:theme); for health that is HEAL.",
    ),
    Rule(
        "spatial",
        "findability",
        20,
        _stated(DCT + "spatial"),
        "Gebied",
        "Area",
        "Zeg op welk land of gebied de gegevens betrekking hebben (dct:spatial).",
        "Say which country or area the data are about (dct:spatial).",
    ),
    Rule(
        "temporal",
        "findability",
        20,
        _stated(DCT + "temporal"),
        "Periode",
        "Period",
        "Zeg over welke periode de gegevens gaan (dct:temporal).",
        "Say which period the data are about (dct:temporal).",
    ),
    Rule(
        "dcat-ap",
        "interoperability",
        30,
        lambda asked: asked.conforms,
        "Voldoet aan DCAT-AP",
        "Conforms to DCAT-AP",
        "Verhelp de bevindingen van het profiel DCAT-AP 3 in het controleverslag.",
        "Mend the findings of the profile DCAT-AP 3 in the validation report.",
    ),
    Rule(
        "access-rights",
        "reusability",
        10,
        _stated(DCT + "accessRights"),
        "Toegangsrechten",
        "Access rights",
        "Zeg of de gegevens openbaar, beperkt of niet openbaar zijn (dct:accessRights).",
        "Say whether the data are public, restricted or non-public (dct:accessRights).",
    ),
    Rule(
        "access-rights-listed",
        "reusability",
        5,
        _listed(DCT + "accessRights", known.ACCESS_RIGHTS.__contains__),
        "Toegangsrechten uit de Europese lijst",
        "Access rights from the European list",
        "Kies de toegangsrechten uit de Europese lijst: PUBLIC, RESTRICTED of NON_PUBLIC.",
        "Choose the access rights from the European list: PUBLIC, RESTRICTED or NON_PUBLIC.",
    ),
    Rule(
        "contact",
        "reusability",
        20,
        _stated(DCAT + "contactPoint"),
        "Contactpunt",
        "Contact point",
        "Noem een contactpunt voor vragen (dcat:contactPoint).",
        "Name a contact point for questions (dcat:contactPoint).",
    ),
    Rule(
        "publisher",
        "reusability",
        10,
        _stated(DCT + "publisher"),
        "Uitgever",
        "Publisher",
        "Noem de organisatie die de dataset uitgeeft (dct:publisher).",
        "Name the organisation that publishes the dataset (dct:publisher).",
    ),
    Rule(
        "issued",
        "contextuality",
        5,
        _stated(DCT + "issued"),
        "Datum van uitgave",
        "Date of issue",
        "Zeg wanneer de dataset is uitgegeven (dct:issued).",
        "Say when the dataset was issued (dct:issued).",
    ),
    Rule(
        "modified",
        "contextuality",
        5,
        _stated(DCT + "modified"),
        "Datum van wijziging",
        "Date of change",
        "Zeg wanneer de dataset voor het laatst is gewijzigd (dct:modified).",
        "Say when the dataset was last changed (dct:modified).",
    ),
)
"""What is asked of the dataset itself."""

DISTRIBUTION: tuple[Rule[Described], ...] = (
    Rule(
        "access-url-status",
        "accessibility",
        50,
        _answers(DCAT + "accessURL"),
        "Het toegangsadres antwoordt",
        "The access address answers",
        "Geef een distributie met een adres dat werkt (dcat:accessURL); voor gesloten gegevens "
        "is dat de pagina waar men toegang vraagt.",
        "Give a distribution with an address that works (dcat:accessURL); for closed data that "
        "is the page where access is requested.",
    ),
    Rule(
        "download-url",
        "accessibility",
        20,
        _stated(DCAT + "downloadURL"),
        "Downloadadres",
        "Download address",
        "Geef een downloadadres (dcat:downloadURL), maar alleen als iedereen de gegevens mag "
        "ophalen. Voor gesloten gegevens horen deze punten weg te blijven.",
        "Give a download address (dcat:downloadURL), but only if everybody may fetch the data. "
        "For closed data it is right to go without these points.",
    ),
    Rule(
        "download-url-status",
        "accessibility",
        30,
        _answers(DCAT + "downloadURL"),
        "Het downloadadres antwoordt",
        "The download address answers",
        "Zorg dat het downloadadres werkt. Voor gesloten gegevens horen deze punten weg te "
        "blijven.",
        "Make sure that the download address works. For closed data it is right to go without "
        "these points.",
    ),
    Rule(
        "format",
        "interoperability",
        20,
        _stated(DCT + "format"),
        "Bestandsformaat",
        "File format",
        "Zeg bij de distributie in welk formaat de gegevens zijn (dct:format).",
        "Say with the distribution in which format the data are (dct:format).",
    ),
    Rule(
        "media-type",
        "interoperability",
        10,
        _stated(DCAT + "mediaType"),
        "Mediatype",
        "Media type",
        "Zeg bij de distributie welk mediatype de gegevens hebben (dcat:mediaType).",
        "Say with the distribution which media type the data have (dcat:mediaType).",
    ),
    Rule(
        "format-listed",
        "interoperability",
        5,
        _listed(DCT + "format", known.is_file_type),
        "Bestandsformaat uit de Europese lijst",
        "File format from the European list",
        "Kies het formaat uit de Europese lijst van bestandstypen.",
        "Choose the format from the European list of file types.",
    ),
    Rule(
        "media-type-listed",
        "interoperability",
        5,
        _listed(DCAT + "mediaType", known.is_media_type),
        "Mediatype uit de lijst van IANA",
        "Media type from IANA's list",
        "Schrijf het mediatype als adres in de lijst van IANA.",
        "Write the media type as an address in IANA's list.",
    ),
    Rule(
        "non-proprietary",
        "interoperability",
        20,
        _listed(DCT + "format", known.NON_PROPRIETARY.__contains__),
        "Vrij formaat",
        "Free format",
        "Beschrijf ook een distributie in een vrij formaat, zoals een samenvatting als CSV of "
        "JSON. Genoomformaten staan niet op de Europese lijst.",
        "Describe a distribution in a free format as well, such as a summary as CSV or JSON. "
        "Genome formats are not on the European list.",
    ),
    Rule(
        "machine-readable",
        "interoperability",
        20,
        _listed(DCT + "format", known.MACHINE_READABLE.__contains__),
        "Leesbaar voor programma's",
        "Readable by programs",
        "Beschrijf ook een distributie die programma's kunnen lezen, zoals een samenvatting als "
        "CSV of JSON. Genoomformaten staan niet op de Europese lijst.",
        "Describe a distribution that programs can read as well, such as a summary as CSV or "
        "JSON. Genome formats are not on the European list.",
    ),
    Rule(
        "licence",
        "reusability",
        20,
        _stated(DCT + "license"),
        "Licentie",
        "Licence",
        "Zet de licentie of de voorwaarden bij de distributie (dct:license).",
        "State the licence or the terms with the distribution (dct:license).",
    ),
    Rule(
        "licence-listed",
        "reusability",
        10,
        _listed(DCT + "license", known.is_licence),
        "Licentie uit de Europese lijst",
        "Licence from the European list",
        "Kies de licentie uit de Europese lijst, als er een is die past.",
        "Choose the licence from the European list, if one fits.",
    ),
    Rule(
        "rights",
        "contextuality",
        5,
        _stated(DCT + "rights"),
        "Gebruiksrechten",
        "Rights",
        "Verwijs bij de distributie naar de gebruiksvoorwaarden (dct:rights).",
        "Point from the distribution to the conditions of use (dct:rights).",
    ),
    Rule(
        "byte-size",
        "contextuality",
        5,
        _stated(DCAT + "byteSize"),
        "Omvang van het bestand",
        "Size of the file",
        "Zeg hoe groot de distributie is, in bytes (dcat:byteSize).",
        "Say how large the distribution is, in bytes (dcat:byteSize).",
    ),
)
"""What is asked of each distribution."""
