"""A hundred points for data with controlled access, so that being closed costs nothing.

The six dimensions follow the data quality and utility label of article 78(3) of the European
Health Data Space (Regulation (EU) 2025/327), as far as a description can show them. The
weights are our own; `docs/explanation/quality-scores.md` says why. Only what is stated earns
points, whatever it states: "linkage is not allowed" is as good an answer as "linked". A
concept that means "not stated" is silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyoxigraph as ox

from catalogue.model.agent import Contact
from catalogue.model.dataset import Dataset
from catalogue.model.genome import AssayGroup, Linkage
from catalogue.model.text import LANGUAGES, LangText, Text
from catalogue.namespaces import DCT, DQV, GC
from catalogue.quality.known import ACCESS_RIGHTS
from catalogue.quality.score import CONTROLLED_ACCESS, Rule, Score, any_met
from catalogue.rdf.graph import Graph

HEALTH_PROFILES = ("health-ri-core-2", "healthdcat-ap-8")
"""Keys (or starts of keys) of profiles that ask what article 77 asks of a description."""

INVENTORY_PROFILES = ("genome-inventory-1",)
NOT_CHECKED = {"timed-out", "failed"}
"""Components of findings that say that a check broke off, which is no verdict."""

SILENCE = ("not-stated", "/UNKNOWN")
"""How the concepts end that stand for silence: in our schemes, and in the EU tables."""

SILENT_WORDS = frozenset(("", "-", "?", "n/a", "na", "none", "null", "onbekend", "tbd", "unknown"))
"""Texts that fill a field without saying anything."""

NOT_ALLOWED = GC + "linkage-not-allowed"


class Said(Protocol):
    """A finding, as far as it tells whether its check was finished."""

    @property
    def component(self) -> str: ...  # noqa: D102


class Checked(Protocol):
    """A validation report: which profile, its verdict, its findings."""

    @property
    def profile(self) -> str: ...  # noqa: D102
    @property
    def conforms(self) -> bool: ...  # noqa: D102
    @property
    def findings(self) -> Sequence[Said]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of a dataset: its values, its graph and its reports."""

    dataset: Dataset
    graph: Graph
    reports: tuple[Checked, ...]

    def objects(self, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """What the graph says of the dataset by one property."""
        return self.graph.objects(ox.NamedNode(self.dataset.iri), predicate)


Test = Callable[[Stated], bool | None]


def controlled_access(dataset: Dataset, graph: Graph, reports: Iterable[Checked]) -> Score:
    """The score of a dataset. `graph` describes it under `dataset.iri`.

    A profile of which there is no finished report is "not checked".
    """
    facts = Stated(dataset, graph, tuple(reports))
    return Score(scheme=CONTROLLED_ACCESS, criteria=tuple(rule.judge(facts) for rule in RULES))


def _given(name: str) -> Test:
    """The attribute says something; a zero does."""
    return lambda facts: _says(getattr(facts.dataset, name))


def _says(value: object) -> bool:
    """Whether a value of the model says anything, in any of its texts or members."""
    if isinstance(value, LangText):
        return any(map(_says, value.texts))
    if isinstance(value, Text):
        return _says(value.value)
    if isinstance(value, tuple):
        return any(map(_says, value))
    if isinstance(value, str):
        return value.strip().lower() not in SILENT_WORDS and not value.endswith(SILENCE)
    return value is not None


def _one_of(*names: str) -> Test:
    tests = [_given(name) for name in names]
    return lambda facts: any(test(facts) for test in tests)


def _conforms(*profiles: str) -> Test:
    """Conforms to one of the profiles; unknown while none of them was checked to the end."""

    def test(facts: Stated) -> bool | None:
        about = [report for report in facts.reports if report.profile.startswith(profiles)]
        return any_met(map(_verdict, about)) if about else None

    return test


def _verdict(report: Checked) -> bool | None:
    broke_off = any(finding.component in NOT_CHECKED for finding in report.findings)
    return None if broke_off else report.conforms


def _both_languages(facts: Stated) -> bool:
    texts = (facts.dataset.title, facts.dataset.description)
    return all(set(LANGUAGES) <= {text.primary for text in each.texts} for each in texts)


def _publisher(facts: Stated) -> bool:
    publisher = facts.dataset.publisher
    return publisher is not None and _says(publisher.name)


def _contact(facts: Stated) -> bool:
    publisher = facts.dataset.publisher
    contacts = (*facts.dataset.contacts, *(publisher.contacts if publisher else ()))
    return any(map(_reachable, contacts))


def _reachable(contact: Contact) -> bool:
    return bool(contact.email or contact.page)


def _standards(facts: Stated) -> bool:
    forms = facts.dataset.distributions
    return _one_of("coding_systems", "conforms_to")(facts) or any(f.conforms_to for f in forms)


def _group(tells: Callable[[AssayGroup], Any]) -> Test:
    return lambda facts: any(tells(group) for group in facts.dataset.assay_groups)


def _measured(facts: Stated) -> bool:
    """A depth, or a measurement of the data; our own scores are no such measurement."""
    if any(group.coverage is not None for group in facts.dataset.assay_groups):
        return True
    found = facts.objects(DQV + "hasQualityMeasurement")
    return any(not _ours(facts.graph, node) for node in found)


def _ours(graph: Graph, node: Any) -> bool:
    metric = None if isinstance(node, ox.Literal) else graph.value(node, DQV + "isMeasurementOf")
    return isinstance(metric, ox.NamedNode) and metric.value.startswith(GC + "metric-")


def _annotated(facts: Stated) -> bool:
    return bool(facts.objects(DQV + "hasQualityAnnotation"))


def _assays(facts: Stated) -> bool:
    groups = (group.assay for group in facts.dataset.assay_groups)
    return any(map(_says, (*facts.dataset.assays, *groups)))


def _per_assay(group: AssayGroup) -> bool:
    return _says(group.assay) and group.individuals is not None


def _period(facts: Stated) -> bool:
    return any(period.start or period.end for period in facts.dataset.temporal)


def _access_rights(facts: Stated) -> bool:
    stated = facts.objects(DCT + "accessRights")
    return any(isinstance(term, ox.NamedNode) and term.value in ACCESS_RIGHTS for term in stated)


def _conditions(facts: Stated) -> bool:
    strata = facts.dataset.consent
    return any(_says(condition.term) for each in strata for condition in each.conditions)


def _routes(facts: Stated) -> bool:
    return any(map(_says, facts.dataset.access_routes))


def _accessibility(facts: Stated) -> bool:
    return _says(facts.dataset.accessibility)


def _place_to_ask(facts: Stated) -> bool:
    addresses = (form.access_url for form in facts.dataset.distributions)
    return any((*addresses, facts.dataset.landing_page))


def _linkable(link: Linkage) -> bool:
    return _says(link.target) and _says(link.status)


def _linkage(tells: Callable[[Linkage], Any]) -> Test:
    """Some linkage tells it; where linkage is not allowed there is nothing more to tell."""
    return lambda facts: any(
        link.status == NOT_ALLOWED or bool(tells(link)) for link in facts.dataset.linkages
    )


def _how_linked(link: Linkage) -> bool:
    return _says(link.method) or link.completeness is not None


def _by_whom(link: Linkage) -> bool:
    return _says(link.linked_by) or _says(link.analysed_in)


RULES: tuple[Rule[Stated], ...] = (
    Rule(
        "both-languages",
        "documentation",
        3,
        _both_languages,
        "Titel en beschrijving in het Nederlands en het Engels",
        "Title and description in Dutch and English",
        "Geef titel en beschrijving in het Nederlands en in het Engels, met hun taalcode.",
        "Give title and description in Dutch and in English, with their language tags.",
    ),
    Rule(
        "description",
        "documentation",
        3,
        _given("description"),
        "Beschrijving",
        "Description",
        "Beschrijf in gewone woorden wat de dataset bevat en waarvoor zij is gemaakt.",
        "Describe in plain words what the dataset holds and what it was made for.",
    ),
    Rule(
        "identifier",
        "documentation",
        2,
        _given("identifiers"),
        "Vaste naam of nummer",
        "Identifier",
        "Geef een blijvende naam of nummer, liefst een DOI (dct:identifier).",
        "Give a lasting identifier, best a DOI (dct:identifier).",
    ),
    Rule(
        "publisher",
        "documentation",
        3,
        _publisher,
        "Organisatie met naam",
        "Organisation with its name",
        "Noem de organisatie die de dataset uitgeeft, met haar naam.",
        "Name the organisation that publishes the dataset.",
    ),
    Rule(
        "contact",
        "documentation",
        4,
        _contact,
        "Contactpunt met e-mailadres of pagina",
        "Contact point with an e-mail address or page",
        "Geef een contactpunt met een e-mailadres van een afdeling, of een contactpagina.",
        "Give a contact point with a department's e-mail address, or a contact page.",
    ),
    Rule(
        "keywords",
        "documentation",
        2,
        _given("keywords"),
        "Trefwoorden",
        "Keywords",
        "Voeg trefwoorden toe waarop onderzoekers zoeken.",
        "Add keywords that researchers search for.",
    ),
    Rule(
        "category",
        "documentation",
        2,
        _one_of("themes", "health_themes", "health_categories"),
        "Thema of gezondheidscategorie",
        "Theme or health category",
        "Kies een thema (HEAL) of een gezondheidscategorie uit de Europese lijst.",
        "Choose a theme (HEAL) or a health category from the European list.",
    ),
    Rule(
        "pages",
        "documentation",
        2,
        _one_of("pages", "landing_page"),
        "Documentatie op een pagina",
        "A page with documentation",
        "Verwijs naar een pagina met documentatie, zoals een codeboek (foaf:page).",
        "Point to a page with documentation, such as a code book (foaf:page).",
    ),
    Rule(
        "standards",
        "documentation",
        2,
        _standards,
        "Standaarden of codestelsels",
        "Standards or coding systems",
        "Zeg welke standaarden of codestelsels zijn gebruikt.",
        "Say which standards or coding systems were used.",
    ),
    Rule(
        "provenance",
        "documentation",
        2,
        _given("provenance"),
        "Herkomst",
        "Provenance",
        "Beschrijf hoe en waar de gegevens zijn verzameld (dct:provenance).",
        "Describe how and where the data were collected (dct:provenance).",
    ),
    Rule(
        "health-profile",
        "technical-quality",
        6,
        _conforms(*HEALTH_PROFILES),
        "Voldoet aan een gezondheidsprofiel (Health-RI of HealthDCAT-AP)",
        "Conforms to a health profile (Health-RI or HealthDCAT-AP)",
        "Verhelp de bevindingen van Health-RI core 2 of HealthDCAT-AP in het controleverslag.",
        "Mend the findings of Health-RI core 2 or HealthDCAT-AP in the validation report.",
    ),
    Rule(
        "inventory-profile",
        "technical-quality",
        4,
        _conforms(*INVENTORY_PROFILES),
        "Voldoet aan het profiel van de genoominventaris",
        "Conforms to the profile of the genome inventory",
        "Verhelp de bevindingen van de genoominventaris in het controleverslag.",
        "Mend the findings of the genome inventory in the validation report.",
    ),
    Rule(
        "reference-genome",
        "technical-quality",
        3,
        _group(lambda group: _says(group.reference_genome)),
        "Referentiegenoom",
        "Reference genome",
        "Zeg per soort meting welk referentiegenoom is gebruikt.",
        "Say for each assay which reference genome was used.",
    ),
    Rule(
        "data-level",
        "technical-quality",
        2,
        _group(lambda group: any(map(_says, group.data_levels))),
        "Bewerkingsniveau (ruw, uitgelijnd, varianten)",
        "Data level (raw, aligned, variants)",
        "Zeg per soort meting of ruwe, uitgelijnde of variantgegevens zijn bewaard.",
        "Say for each assay whether raw, aligned or variant data are kept.",
    ),
    Rule(
        "measured",
        "technical-quality",
        2,
        _measured,
        "Gemiddelde diepte of een andere gemeten kwaliteit",
        "Mean depth or another measured quality",
        "Geef de gemiddelde diepte, of een kwaliteitsmeting van de gegevens "
        "(dqv:hasQualityMeasurement).",
        "Give the mean depth, or a quality measurement of the data (dqv:hasQualityMeasurement).",
    ),
    Rule(
        "tissue",
        "technical-quality",
        1,
        _group(lambda group: _says(group.tissue)),
        "Kiembaan of tumor",
        "Germline or tumour",
        "Zeg per soort meting uit welk weefsel het DNA komt: kiembaan, tumor of beide.",
        "Say for each assay where the DNA comes from: germline, tumour or both.",
    ),
    Rule(
        "quality-annotation",
        "quality-management",
        5,
        _annotated,
        "Kwaliteitsverklaring",
        "Quality statement",
        "Verwijs naar een certificaat, keurmerk of kwaliteitsverslag (dqv:hasQualityAnnotation).",
        "Point to a certificate, label or quality report (dqv:hasQualityAnnotation).",
    ),
    Rule(
        "frequency",
        "quality-management",
        2,
        _given("frequency"),
        "Hoe vaak bijgewerkt",
        "How often it is updated",
        "Zeg hoe vaak de dataset wordt bijgewerkt; nooit is ook een antwoord.",
        "Say how often the dataset is updated; never is an answer too.",
    ),
    Rule(
        "version",
        "quality-management",
        2,
        _one_of("version", "version_notes"),
        "Versie",
        "Version",
        "Geef de versie en wat er is veranderd.",
        "Give the version and what changed.",
    ),
    Rule(
        "dates",
        "quality-management",
        1,
        _one_of("issued", "modified"),
        "Datum van uitgave of wijziging",
        "Date of issue or change",
        "Zeg wanneer de dataset is uitgegeven of gewijzigd.",
        "Say when the dataset was issued or changed.",
    ),
    Rule(
        "individuals",
        "coverage",
        5,
        _given("individuals"),
        "Aantal personen",
        "Number of individuals",
        "Geef het aantal personen; kleine aantallen laat de catalogus niet zien.",
        "Give the number of individuals; the catalogue does not show small numbers.",
    ),
    Rule(
        "assays",
        "coverage",
        4,
        _assays,
        "Soort meting (WGS, WES, panel, array)",
        "Assay (WGS, WES, panel, array)",
        "Zeg met welke metingen de gegevens zijn gemaakt.",
        "Say by which assays the data were made.",
    ),
    Rule(
        "individuals-per-assay",
        "coverage",
        2,
        _group(_per_assay),
        "Aantal personen per soort meting",
        "Number of individuals per assay",
        "Geef het aantal personen voor elke soort meting.",
        "Give the number of individuals for each assay.",
    ),
    Rule(
        "subject",
        "coverage",
        3,
        _one_of("diseases", "population"),
        "Aandoening of bevolkingsgroep",
        "Disease or population",
        "Noem de aandoeningen met een code, of beschrijf de bevolkingsgroep.",
        "Name the diseases by code, or describe the population.",
    ),
    Rule(
        "population",
        "coverage",
        1,
        _given("population"),
        "Wie er in de dataset zitten",
        "Who is in the dataset",
        "Beschrijf wie zijn opgenomen en wie niet (populationCoverage).",
        "Describe who was included and who was not (populationCoverage).",
    ),
    Rule(
        "ages",
        "coverage",
        2,
        _one_of("min_age", "max_age"),
        "Leeftijden",
        "Ages",
        "Geef de gebruikelijke laagste en hoogste leeftijd.",
        "Give the usual lowest and highest age.",
    ),
    Rule(
        "period",
        "coverage",
        2,
        _period,
        "Periode",
        "Period",
        "Zeg over welke periode de gegevens gaan, met begin- of einddatum.",
        "Say which period the data are about, with a start or end date.",
    ),
    Rule(
        "area",
        "coverage",
        1,
        _given("spatial"),
        "Gebied",
        "Area",
        "Zeg uit welk land of gebied de personen komen.",
        "Say from which country or area the people come.",
    ),
    Rule(
        "access-rights",
        "access",
        3,
        _access_rights,
        "Toegangsrechten uit de Europese lijst",
        "Access rights from the European list",
        "Kies de toegangsrechten: PUBLIC, RESTRICTED of NON_PUBLIC.",
        "Choose the access rights: PUBLIC, RESTRICTED or NON_PUBLIC.",
    ),
    Rule(
        "conditions",
        "access",
        4,
        _conditions,
        "Voorwaarden voor gebruik (DUO)",
        "Conditions of use (DUO)",
        "Geef de voorwaarden voor gebruik als DUO-codes, per groep met dezelfde toestemming.",
        "Give the conditions of use as DUO codes, for each group with the same consent.",
    ),
    Rule(
        "routes",
        "access",
        3,
        _routes,
        "Weg naar toegang",
        "Access route",
        "Zeg hoe een onderzoeker toegang vraagt: formulier, commissie, HDAB of federatief.",
        "Say how a researcher asks for access: form, committee, HDAB or federated.",
    ),
    Rule(
        "place-to-ask",
        "access",
        2,
        _place_to_ask,
        "Adres waar men toegang vraagt",
        "Address where access is requested",
        "Geef de pagina waar men toegang vraagt (dcat:accessURL of dcat:landingPage).",
        "Give the page where access is requested (dcat:accessURL or dcat:landingPage).",
    ),
    Rule(
        "weeks",
        "access",
        2,
        _given("weeks_to_access"),
        "Tijd tot toegang",
        "Time to access",
        "Zeg hoeveel weken het gewoonlijk duurt van aanvraag tot toegang.",
        "Say how many weeks it usually takes from request to access.",
    ),
    Rule(
        "accessibility",
        "access",
        1,
        _accessibility,
        "Of er een weg naar toegang is",
        "Whether there is a route to access",
        "Zeg of de gegevens open, na registratie, gecontroleerd of niet toegankelijk zijn.",
        "Say whether the data are open, behind registration, controlled or without a route.",
    ),
    Rule(
        "legislation",
        "access",
        1,
        _given("legislation"),
        "Toepasselijke wetgeving",
        "Applicable legislation",
        "Noem de wetgeving die geldt, zoals de EHDS-verordening.",
        "Name the legislation that applies, such as the EHDS regulation.",
    ),
    Rule(
        "legal-basis",
        "access",
        1,
        _given("legal_bases"),
        "Grondslag",
        "Legal basis",
        "Noem de grondslag waarop de gegevens worden verwerkt (dpv:hasLegalBasis).",
        "Name the legal basis on which the data are processed (dpv:hasLegalBasis).",
    ),
    Rule(
        "linkage",
        "linkage",
        4,
        _linkage(_linkable),
        "Koppeling met andere gegevens",
        "Linkage with other data",
        "Zeg met welke gegevens is gekoppeld of kan worden gekoppeld; niet toegestaan is ook een "
        "antwoord.",
        "Say which data are or can be linked; not allowed is an answer too.",
    ),
    Rule(
        "linkage-method",
        "linkage",
        2,
        _linkage(_how_linked),
        "Hoe en voor hoeveel personen gekoppeld",
        "How it is linked, and for how many",
        "Geef de koppelmethode, of het percentage personen dat te koppelen is.",
        "Give the linkage method, or the percentage of individuals that can be linked.",
    ),
    Rule(
        "linkage-place",
        "linkage",
        1,
        _linkage(_by_whom),
        "Wie koppelt, en waar de analyse gebeurt",
        "Who links, and where it is analysed",
        "Zeg wie de koppeling doet, of waar de gekoppelde gegevens worden geanalyseerd.",
        "Say who does the linking, or where the linked data are analysed.",
    ),
    Rule(
        "linkage-checked",
        "linkage",
        1,
        _linkage(lambda link: link.checked),
        "Wanneer de koppeling is nagegaan",
        "When the linkage was checked",
        "Geef de datum waarop de koppeling voor het laatst is nagegaan.",
        "Give the date on which the linkage was last checked.",
    ),
    Rule(
        "related",
        "linkage",
        2,
        _one_of("relations", "sources", "series", "referenced_by"),
        "Verwante datasets en publicaties",
        "Related datasets and publications",
        "Verwijs naar verwante datasets, de bron of publicaties.",
        "Point to related datasets, the source or publications.",
    ),
)
"""What is asked, dimension by dimension; together a hundred points."""
