"""Any spelling of a code becomes the one IRI under which we know it.

Real files write the same code in a dozen ways: `ORPHA:227535`, `obo:Orphanet_227535`, the page
on orpha.net, identifiers.org. `canonical` reads them all from one table: adding a vocabulary is
one row in `VOCABULARIES`. What it does not recognise comes back as it was, without spaces
around it, so it is safe to call on anything and calling it twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue.namespaces import (
    DUO,
    EU_AUTHORITY,
    GC,
    GDI,
    HDEU,
    ICD10,
    MONDO,
    OBO,
    ORDO,
    SNOMED,
    Iri,
)

ICD10_YEAR = "2019"
"""The release of ICD-10 in whose form we write codes; codes of other years mean the same."""

FLAGS = re.IGNORECASE | re.ASCII
"""Case never matters, and a digit is 0 to 9."""

LONGEST = 500
"""Characters; anything longer is not a code."""


def as_written(code: str) -> str:
    """Codes that are written in one way only."""
    return code


def seven_digits(code: str) -> str:
    """OBO numbers have seven digits; DUO once published eight (`DUO_00000044`)."""
    return f"{int(code):07d}"


def no_zeros(code: str) -> str:
    """Numbers without padding."""
    return str(int(code))


def upper(code: str) -> str:
    """Codes with letters, in capitals."""
    return code.upper()


CHAPTERS: dict[str, str] = {
    "I": "A00-B99",
    "II": "C00-D48",
    "III": "D50-D89",
    "IV": "E00-E90",
    "V": "F00-F99",
    "VI": "G00-G99",
    "VII": "H00-H59",
    "VIII": "H60-H95",
    "IX": "I00-I99",
    "X": "J00-J99",
    "XI": "K00-K93",
    "XII": "L00-L99",
    "XIII": "M00-M99",
    "XIV": "N00-N99",
    "XV": "O00-O99",
    "XVI": "P00-P96",
    "XVII": "Q00-Q99",
    "XVIII": "R00-R99",
    "XIX": "S00-T98",
    "XX": "V01-Y98",
    "XXI": "Z00-Z99",
    "XXII": "U00-U99",
}
"""The chapters of ICD-10; their IRIs carry the numeral, people write the range."""

NUMERALS = {block: numeral for numeral, block in CHAPTERS.items()}


def icd_code(code: str) -> str:
    """`c504` → `C50.4`, `F70-79` → `F70-F79`, `C50.-` and `M14.1*` → without the mark."""
    first, _, last = code.upper().rstrip("*+†!-.").partition("-")
    if first in CHAPTERS:
        return first
    if last and last[0].isdigit():
        last = first[0] + last
    written = "-".join(dotted(part) for part in (first, last) if part)
    return NUMERALS.get(written, written)


def dotted(code: str) -> str:
    """`I420` → `I42.0`; a category of three characters has no dot."""
    bare = code.replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSystem:
    """One vocabulary of codes: how its IRIs look, and the other forms that files use.

    `names` are prefixes of CURIEs, of identifiers.org and of similar resolvers; `code` is what
    may follow; `pages` are addresses of its own website, ending where the code begins.
    """

    name: str
    iri: str
    code: str
    names: tuple[str, ...]
    pages: tuple[str, ...] = ()
    write: Callable[[str], str] = as_written
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", spelling(self))

    def read(self, text: str) -> Iri | None:
        """The IRI of the code that `text` spells, or `None` when it is not one of ours."""
        found = self.pattern.fullmatch(text)
        return Iri(self.iri + self.write(found["code"])) if found else None


def spelling(system: CodeSystem) -> re.Pattern[str]:
    """One pattern for every way to write a code of this system."""
    name = "(?:" + "|".join(re.escape(each) for each in system.names) + ")"
    resolvers = (
        rf"https?://(?:www\.)?identifiers\.org/{name}[/:](?:{name}:)?",
        rf"https?://(?:www\.)?bioregistry\.io/(?:{name}:)?",
        rf"https?://purl\.bioontology\.org/ontology/{name}/",
        rf"https?://purl\.obolibrary\.org/obo/{name}_",
        rf"https?://n2t\.net/{name}:",
        rf"obo:{name}_",
        rf"urn:miriam:{name}:(?:{name}(?::|%3A))?",
        rf"{name}\s?[:_|/ ]\s?",
    )
    own = (re.escape(system.iri), *system.pages)
    start = "|".join((*own, *resolvers))
    return re.compile(rf"(?:{start})(?P<code>{system.code})/?(?:\s*\|.*)?", FLAGS)


ICD10_CODE = r"(?:[A-Z]\d{2}(?:\.?\d{1,2})?(?:-[A-Z]?\d{2}(?:\.\d)?)?(?:\.-|[*+†!])?|[IVX]{1,5})"

VOCABULARIES: tuple[CodeSystem, ...] = (
    CodeSystem(
        name="MONDO",
        iri=MONDO,
        code=r"\d{1,8}",
        names=("mondo",),
        pages=(r"https?://(?:www\.)?monarchinitiative\.org/(?:disease/)?MONDO:",),
        write=seven_digits,
    ),
    CodeSystem(
        name="ORPHA",
        iri=ORDO,
        code=r"\d{1,7}",
        names=("orpha", "orphanet", "ordo", "orphacode", "orphanet.ordo", "orpha.net"),
        pages=(
            r"https?://(?:www\.)?orpha\.net/(?:ORDO|ontology)/(?:Orphanet_|ORPHA:?)?",
            r"https?://(?:www\.)?orpha\.net/[a-z]{2}/disease/detail/",
            r"https?://(?:www\.)?orpha\.net/consor/cgi-bin/OC_Exp\.php\?(?:\w+=\w+&)*Expert=",
            r"https?://(?:www\.)?identifiers\.org/orphanet\.ordo[/:]Orphanet_",
            r"ordo:Orphanet_",
        ),
        write=no_zeros,
    ),
    CodeSystem(
        name="ICD10",
        iri=f"{ICD10}{ICD10_YEAR}/",
        code=ICD10_CODE,
        names=("icd10", "icd-10", "icd_10", "icd 10", "icd10who", "icd-10-nl", "icd10nl", "icd"),
        pages=(
            r"https?://id\.who\.int/icd/release/10/(?:\d{4}/)?",
            r"https?://icd\.who\.int/browse10/\d{4}/[a-z]{2}/?#/",
            r"https?://hl7\.org/fhir/sid/icd-10(?:-nl)?[/#|]",
            r"urn:oid:2\.16\.840\.1\.113883\.6\.3[.:#]",
        ),
        write=icd_code,
    ),
    CodeSystem(
        name="ICD10CM",
        iri="http://purl.bioontology.org/ontology/ICD10CM/",
        code=r"[A-Z]\d[\dA-Z](?:\.?[\dA-Z]{1,4})?",
        names=("icd10cm", "icd-10-cm", "icd10-cm"),
        pages=(r"https?://hl7\.org/fhir/sid/icd-10-cm[/#|]",),
        write=icd_code,
    ),
    CodeSystem(
        name="SNOMED",
        iri=SNOMED,
        code=r"\d{6,18}",
        names=("snomed", "snomedct", "snomed-ct", "snomed ct", "sctid", "sct", "snomedct_us"),
        pages=(r"https?://snomed\.info/(?:id|sct)/", r"https?://snomed\.info/sct[#|]"),
    ),
    CodeSystem(
        name="OMIM",
        iri="https://omim.org/entry/",
        code=r"\d{6}",
        names=("omim", "mim"),
        pages=(
            r"https?://(?:www\.)?omim\.org/(?:entry/|MIM:)",
            r"https?://(?:www\.)?ncbi\.nlm\.nih\.gov/omim/",
            r"OMIM:?[#%*+]",
        ),
    ),
    CodeSystem(
        name="DOID",
        iri=f"{OBO}DOID_",
        code=r"\d{1,7}",
        names=("doid",),
        pages=(r"https?://(?:www\.)?disease-ontology\.org/(?:term/|\?id=)DOID:",),
    ),
    CodeSystem(
        name="NCIT",
        iri=f"{OBO}NCIT_",
        code=r"C\d{2,7}",
        names=("ncit", "nci", "thesaurus"),
        pages=(r"https?://ncicb\.nci\.nih\.gov/xml/owl/EVS/Thesaurus\.owl#",),
        write=upper,
    ),
    CodeSystem(name="DUO", iri=DUO, code=r"\d{1,8}", names=("duo",), write=seven_digits),
    CodeSystem(
        name="HP", iri=f"{OBO}HP_", code=r"\d{1,7}", names=("hp", "hpo"), write=seven_digits
    ),
    CodeSystem(name="OBI", iri=f"{OBO}OBI_", code=r"\d{1,7}", names=("obi",), write=seven_digits),
    CodeSystem(
        name="GENEPIO",
        iri=f"{OBO}GENEPIO_",
        code=r"\d{1,7}",
        names=("genepio",),
        write=seven_digits,
    ),
    CodeSystem(
        name="EFO",
        iri="http://www.ebi.ac.uk/efo/EFO_",
        code=r"\d{1,7}",
        names=("efo",),
        pages=(r"https?://www\.ebi\.ac\.uk/efo/EFO_",),
        write=seven_digits,
    ),
    CodeSystem(
        name="EDAM",
        iri="http://edamontology.org/",
        code=r"(?:topic|operation|data|format)_\d{4}",
        names=("edam",),
        pages=(r"https?://(?:www\.)?edamontology\.org/",),
        write=str.lower,
    ),
    CodeSystem(
        name="WIKIDATA",
        iri="http://www.wikidata.org/entity/",
        code=r"[QP]\d{1,10}",
        names=("wikidata", "wd"),
        pages=(
            r"https?://(?:www\.)?wikidata\.org/(?:entity|wiki|prop/direct)/(?:Property:)?",
            r"https?://(?:www\.)?wikidata\.org/wiki/Special:EntityData/",
        ),
        write=upper,
    ),
)

HEALTH_TABLE = r"(?P<table>health-?categor(?:y|ies)|health-?themes?|coding-?systems?|standards?)"

TABLES: dict[str, str] = {
    "healthcategory": "healthcategories",
    "healthcategories": "healthcategories",
    "healththeme": "health-theme",
    "healththemes": "health-theme",
    "codingsystem": "coding-system",
    "codingsystems": "coding-system",
    "standard": "standard",
    "standards": "standard",
}
"""How HDEU spells the name of a table, by the letters of the name elsewhere."""


@dataclass(frozen=True, slots=True)
class Address:
    """A form of address that circulates for IRIs of one house, and what to make of it."""

    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]

    def read(self, text: str) -> Iri | None:
        """The canonical IRI, or `None` when the address is of another house."""
        found = self.pattern.fullmatch(text)
        return Iri(self.write(found)) if found else None


def health_table(found: re.Match[str]) -> str:
    """One host and one spelling for the tables of HealthDCAT-AP, which circulate under five."""
    table = TABLES[found["table"].lower().replace("-", "")]
    return f"{HDEU}{table}/{found['code']}"


def address(pattern: str, write: Callable[[re.Match[str]], str]) -> Address:
    """An `Address` whose pattern ignores case."""
    return Address(re.compile(pattern, FLAGS), write)


ADDRESSES: tuple[Address, ...] = (
    address(
        r"https?://(?:hdeu-dcat\.(?:\w+\.)?data\.health\.europa\.eu|13\.81\.34\.152(?::\d+)?"
        r"|healthdata\.ec\.europa\.eu|publications\.europa\.eu)/(?:resource/)?authority/"
        + HEALTH_TABLE
        + r"/(?P<code>\w+)/?",
        health_table,
    ),
    address(
        r"https?://(?:www\.)?publications\.europa\.eu/resource/authority/(?P<rest>[\w-]+/\w+)/?",
        lambda found: EU_AUTHORITY + found["rest"],
    ),
    address(
        r"(?:https?://data\.gdi\.eu/core/p2[/#]|gdi:)(?P<rest>\w+)/?",
        lambda found: GDI + found["rest"],
    ),
    address(
        r"(?:https?://w3id\.org/genoomcatalogus/ns[#/]|gc:)(?P<rest>[\w-]+)/?",
        lambda found: GC + found["rest"],
    ),
)

FORMS: tuple[CodeSystem | Address, ...] = (*VOCABULARIES, *ADDRESSES)
"""Everything that `canonical` reads, tried in this order."""

BARE_ICD10 = re.compile(r"[A-Z]\d{2}(?:\.\d{1,2})?(?:-[A-Z]\d{2})?", re.ASCII)
"""Written without a prefix, only a dotted or three-character code is surely ICD-10."""


def canonical(text: str) -> Iri:
    """The IRI for a code in any known spelling; other text comes back, stripped.

    >>> canonical("ORPHA:227535") == canonical("https://www.orpha.net/en/disease/detail/227535")
    True
    >>> canonical("icd-10 C50")
    'http://id.who.int/icd/release/10/2019/C50'
    >>> canonical("DUO_00000044")
    'http://purl.obolibrary.org/obo/DUO_0000044'
    """
    text = text.strip().removeprefix("<").removesuffix(">").strip()
    if len(text) > LONGEST:
        return Iri(text)
    for form in FORMS:
        iri = form.read(text)
        if iri is not None:
            return iri
    if BARE_ICD10.fullmatch(text):
        return Iri(f"{ICD10}{ICD10_YEAR}/{icd_code(text)}")
    return Iri(text)


def vocabulary_of(iri: str) -> CodeSystem | None:
    """The vocabulary that an IRI in our canonical form belongs to."""
    for system in VOCABULARIES:
        if iri.startswith(system.iri):
            return system
    return None


def curie(iri: str) -> str:
    """The short form that people know a code by; other IRIs come back unchanged.

    >>> curie("http://www.orpha.net/ORDO/Orphanet_227535")
    'ORPHA:227535'
    """
    system = vocabulary_of(iri)
    return f"{system.name}:{iri.removeprefix(system.iri)}" if system else iri


def icd_parents(iri: str) -> tuple[Iri, ...]:
    """The shorter ICD-10 codes above a code, nearest first: `C50.41` → `C50.4`, `C50`.

    >>> icd_parents("http://id.who.int/icd/release/10/2019/C50.4")
    ('http://id.who.int/icd/release/10/2019/C50',)
    """
    system = vocabulary_of(iri)
    code = iri.removeprefix(system.iri) if system and system.name == "ICD10" else ""
    if "-" in code or "." not in code:
        return ()
    shorter = [code[:end] for end in range(len(code) - 1, 3, -1)] + [code[:3]]
    return tuple(Iri(f"{ICD10}{ICD10_YEAR}/{each}") for each in shorter if each[-1] != ".")


@dataclass(frozen=True, slots=True)
class IcdBlock:
    """A range of ICD-10 categories, ends included; one category is a range of itself."""

    first: str
    last: str

    @property
    def width(self) -> int:
        """How many categories it spans, counting a hundred for each letter."""
        return ordinal(self.last) - ordinal(self.first) + 1

    def contains(self, iri: str) -> bool:
        """Whether the ICD-10 code `iri` lies inside; no other IRI does."""
        other = icd_block(iri)
        return other is not None and self.first <= other.first and other.last <= self.last


def ordinal(category: str) -> int:
    """`A00` is 0, `B00` is 100."""
    return (ord(category[0]) - ord("A")) * 100 + int(category[1:3])


def icd_block(iri: str) -> IcdBlock | None:
    """The categories that an ICD-10 code covers: `C50.4` lies in `C50`, `F70-F79` is a range.

    A code of four characters covers less than a category; use it to look up, not to contain.
    """
    system = vocabulary_of(iri)
    if not system or system.name != "ICD10":
        return None
    code = iri.removeprefix(system.iri)
    first, _, last = CHAPTERS.get(code, code).partition("-")
    return IcdBlock(first[:3], (last or first)[:3])
