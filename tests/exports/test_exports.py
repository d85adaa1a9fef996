"""Every format, by the rules of its own standard, for what is rich, bare and hostile."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from web import townhall

from catalogue.exports import exports
from catalogue.exports.datacite import KERNEL
from catalogue.exports.export import Described
from catalogue.model.agent import Agent
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import Period
from catalogue.model.text import LangText, Text
from catalogue.namespaces import EU_AUTHORITY, Iri

PUBLIC = Iri(f"{EU_AUTHORITY}access-right/PUBLIC")
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
FILE = Distribution(
    iri=Iri("https://catalogue.example/distribution/f"),
    title=LangText((Text("Variants", "en"),)),
    download_url=Iri("https://umc.example/variants.vcf.gz"),
    media_type="text/vcf",
    byte_size=12,
    license=CC0,
)
OPENED = townhall.a_dataset(
    "open",
    title=townhall.text("Open variants", "Open varianten"),
    description=townhall.text("Allele frequencies that anybody may have."),
    access_rights=PUBLIC,
    identifiers=("10.1234/abc-def",),
    creators=(Agent(name=townhall.text("Variant Group"), iri=Iri("https://orcid.org/x")),),
    issued="2024-05-01",
    distributions=(FILE,),
)
CONTROLLED = replace(OPENED, access_rights=Iri(f"{EU_AUTHORITY}access-right/RESTRICTED"))
EVIL = townhall.a_dataset(
    "evil",
    title=LangText((Text('=cmd|"/c calc"!A1\r\nER  - \n}, @evil{', "en"),)),
    description=townhall.text('</script>\x00\x0b ]]> & "quoted" \\input{/etc/passwd}'),
    keywords=(Text("+1\nTY  - BOOK", ""), Text("@SUM(A1)", "")),
    individuals=Count(below=10),
    identifiers=("10.1234/a}b{c",),
    publisher=Agent(name=LangText((Text("\tEvil {Corp} & Sons", ""),))),
)
EVERY = {
    each.record.id: each
    for each in (
        *townhall.DATASETS,
        *(townhall.published(value, townhall.NOORDZEE) for value in (OPENED, CONTROLLED, EVIL)),
    )
}


SICI = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1"
SICI_ADDRESS = SICI.replace("<", "%3C").replace(">", "%3E")
"""A name of the kind that journals gave out by the thousand, and its address."""


def described(value: Dataset) -> Described:
    return Described(
        dataset=value,
        record=townhall.record(value.iri.rpartition("/")[2], "dataset", townhall.NOORDZEE),
        base=townhall.BASE,
        vocabulary=townhall.vocabulary(),
    )


def written(key: str, value: Dataset) -> str:
    return exports()[key].write(described(value)).decode()


ORCID = Iri("https://orcid.org/0000-0002-1825-0097")
EDGES = (
    townhall.a_dataset("dutch", title=LangText((Text("Alleen Nederlands", "nl"),))),
    townhall.a_dataset("german", title=LangText((Text("Nur Deutsch", "de"),))),
    townhall.a_dataset("nothing", title=LangText()),
    townhall.a_dataset(
        "blank",
        title=LangText((Text(" ", "en"),)),
        description=LangText((Text(" ", "en"),)),
        publisher=Agent(name=LangText((Text("", "en"),))),
        creators=(Agent(), Agent(name=LangText((Text(" ", "en"),)))),
        keywords=(Text(""), Text(" ", "en")),
        identifiers=("", " "),
    ),
    townhall.a_dataset(
        "long", title=townhall.text("T" * 10_000), description=townhall.text("word " * 2_000)
    ),
    townhall.a_dataset(
        "control",
        title=townhall.text("a\x00b\x07c\uffff\x85\u2028d\r\n\te"),
        description=townhall.text("\x1b[31m\x00" * 20),
        publisher=Agent(name=townhall.text("Pub\x00\nlisher")),
        version="1\x00",
    ),
    townhall.a_dataset("emoji", title=townhall.text("\U0001f9ec"), keywords=(Text("\U0001f600"),)),
    townhall.a_dataset("rtl", title=LangText((Text("\u05d2\u05e0\u05d5\u202e x", "he"),))),
    townhall.a_dataset(
        "people",
        title=townhall.text("Made by people"),
        creators=(
            Agent(name=townhall.text("Plato"), iri=ORCID),
            Agent(name=townhall.text("De Vries, A. and Zonen")),
            Agent(name=townhall.text("R&D <x@y>"), iri=Iri("javascript:alert(1)")),
        ),
    ),
    townhall.a_dataset(
        "words",
        title=townhall.text("Many words"),
        keywords=tuple(Text(f"word {number}", "en") for number in range(500)),
    ),
    townhall.a_dataset(
        "dates",
        title=townhall.text("No dates"),
        issued="last spring",
        modified="0000-13-45",
        temporal=(Period(start="2020-02-30", end="soon"), Period(end="2020"), Period()),
    ),
    townhall.a_dataset(
        "codes",
        title=townhall.text("Odd codes"),
        diseases=("no iri", "https://x.example/a b<c>", "javascript:x"),
        distributions=(replace(FILE, license="CC BY, see website", media_type='odd "type"\n'),),
    ),
    townhall.a_dataset("brace", title=townhall.text("a } brace"), identifiers=("10.1234/a}b",)),
    townhall.a_dataset("formula", title=townhall.text("a;=1+1"), version="\uff1d1+1"),
)
VALUES = (
    *(townhall.RICH, townhall.SMALL, townhall.BARE, townhall.HOSTILE),
    *(OPENED, CONTROLLED, EVIL),
    *EDGES,
)
every_dataset = pytest.mark.parametrize(
    "value", VALUES, ids=lambda each: each.iri.rpartition("/")[2]
)


def test_the_folder_is_the_registry() -> None:
    assert list(exports()) == [
        "bibtex",
        "croissant",
        "csl",
        "csv",
        "datacite-json",
        "datacite-xml",
        "ris",
        "ro-crate",
        "schema-org",
    ]


@every_dataset
@pytest.mark.parametrize("key", list(exports()))
def test_no_format_names_data_that_are_not_open(key: str, value: Dataset) -> None:
    text = written(key, value)
    assert ("variants.vcf.gz" in text) <= (value is OPENED)
    assert '"contentUrl"' not in text or value is OPENED


@every_dataset
@pytest.mark.parametrize("key", list(exports()))
def test_no_format_makes_a_licence_up(key: str, value: Dataset) -> None:
    licences = {each.license for each in value.distributions}
    assert ("creativecommons" in written(key, value).lower()) <= (CC0 in licences)


@every_dataset
@pytest.mark.parametrize("key", list(exports()))
def test_no_format_carries_markup_or_control_characters(key: str, value: Dataset) -> None:
    text = written(key, value)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]|\\\\u00[01][0-8bcef]", text)
    if "json" in exports()[key].media_type:
        assert "<" not in text


# --- citations ----------------------------------------------------------------------------


@every_dataset
def test_bibtex_is_one_entry_of_balanced_fields(value: Dataset) -> None:
    text = written("bibtex", value)
    assert re.match(r"@misc\{[a-z0-9-]+,\n", text)
    depths = list(accumulate({"{": 1, "}": -1}.get(each, 0) for each in text))
    assert min(depths[1:-2]) >= 0
    assert depths[-1] == 0, "BibTeX counts every brace, also one behind a backslash"
    assert all(each.count("{") == each.count("}") for each in text.splitlines()[1:-1])
    fields = re.findall(r"^  (\w+) = \{(.*)\},$", text, re.MULTILINE)
    assert {"author", "title", "year", "url"} <= {name for name, _ in fields}
    assert len(text.splitlines()) == len(fields) + 2


@every_dataset
def test_ris_is_tags_and_values_from_type_to_end(value: Dataset) -> None:
    text = written("ris", value)
    lines = text.split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - \S", each) for each in lines[:-2])
    assert "\n" not in text.replace("\r\n", "")
    assert sum(each.startswith(("TY", "ER")) for each in lines) == 2


@every_dataset
def test_csl_is_a_list_with_one_dataset(value: Dataset) -> None:
    (item,) = json.loads(written("csl", value))
    assert item["type"] == "dataset"
    assert {"id", "title", "author", "issued", "URL"} <= set(item)
    assert all(list(each) == ["literal"] and each["literal"].strip() for each in item["author"])
    (date,) = item["issued"]["date-parts"]
    assert all(isinstance(each, int) for each in date)
    assert set(item) <= CSL_NAMES
    texts = [each for name, each in item.items() if name not in {"author", "issued"}]
    assert all(isinstance(each, str) and each.strip() for each in texts)


CSL_NAMES = {
    "id", "type", "title", "author", "publisher", "issued", "DOI", "URL", "abstract", "language",
    "version", "keyword", "archive",
}  # fmt: skip
"""Those that are used here, of the names that the schema of CSL 1.0.2 allows; no other is."""


@pytest.mark.parametrize(
    ("issued", "parts", "year"),
    [
        ("2019", [2019], "2019"),
        ("2019-05", [2019, 5], "2019"),
        ("2019-05-02T10:00:00Z", [2019, 5, 2], "2019"),
        ("2019 (about)", [2019], "2019"),
        ("last spring", [2026, 1, 14], "2026"),
        (None, [2026, 1, 14], "2026"),
    ],
)
def test_every_format_tells_the_same_moment_of_publication(
    issued: str | None, parts: list[int], year: str
) -> None:
    value = replace(OPENED, issued=issued)
    (item,) = json.loads(written("csl", value))
    assert item["issued"] == {"date-parts": [parts]}
    assert f"year = {{{year}}}" in written("bibtex", value)
    assert json.loads(written("datacite-json", value))["publicationYear"] == year
    assert json.loads(written("ro-crate", value))["@graph"][1]["datePublished"].startswith(year)


def test_a_stated_maker_day_and_doi_are_cited() -> None:
    (item,) = json.loads(written("csl", OPENED))
    assert item["author"] == [{"literal": "Variant Group"}]
    assert item["issued"] == {"date-parts": [[2024, 5, 1]]}
    assert item["DOI"] == "10.1234/abc-def"


@pytest.mark.parametrize("stated", [SICI, f"doi:{SICI}", f"https://doi.org/{SICI_ADDRESS}"])
def test_a_doi_is_told_whole(stated: str) -> None:
    value = replace(OPENED, identifiers=(stated,))
    assert json.loads(written("csl", value))[0]["DOI"] == SICI
    assert json.loads(written("datacite-json", value))["doi"] == SICI
    assert said(fromstring(written("datacite-xml", value)), "identifier") == SICI
    assert f"  doi = {{{SICI}}},\n" in written("bibtex", value)
    assert f"DO  - {SICI}\r\n" in written("ris", value)
    assert SICI in written("csv", value)


@pytest.mark.parametrize("key", ["ro-crate", "croissant", "schema-org"])
def test_a_doi_is_an_address_in_which_every_character_may_stand(key: str) -> None:
    text = written(key, replace(OPENED, identifiers=(SICI,)))
    assert f"https://doi.org/{SICI_ADDRESS}" in text


@pytest.mark.parametrize(
    "stated",
    ["10.1234/a}b{c", "10.1234/a b", "https://doi.org/10.1234/a%0Ab", "see 10.1234/a", "10.1234/"],
)
def test_no_doi_is_made_of_a_part_of_an_identifier(stated: str) -> None:
    value = replace(OPENED, identifiers=(stated,))
    assert "DOI" not in json.loads(written("csl", value))[0]
    assert "doi.org/10.1234/a" not in written("ro-crate", value)


# --- DataCite -----------------------------------------------------------------------------

RESOURCE_KEYS = {
    "doi", "url", "types", "creators", "titles", "publisher", "publicationYear", "subjects",
    "dates", "language", "alternateIdentifiers", "version", "rightsList", "descriptions",
    "schemaVersion",
}  # fmt: skip
MANDATORY = {"types", "creators", "titles", "publisher", "publicationYear", "schemaVersion"}
DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?(/(\d{4}(-\d\d(-\d\d)?)?)?)?")


@every_dataset
def test_datacite_json_follows_the_rules_of_4_5(value: Dataset) -> None:
    record: dict[str, Any] = json.loads(written("datacite-json", value))
    assert MANDATORY <= set(record) <= RESOURCE_KEYS
    assert record["schemaVersion"] == KERNEL
    assert re.fullmatch(r"\d{4}", record["publicationYear"])
    assert record["types"]["resourceTypeGeneral"] == "Dataset"
    assert record["publisher"]["name"]
    assert record["titles"]
    assert all(each["name"].strip() for each in record["creators"])
    assert all(each["subject"].strip() for each in record.get("subjects", []))
    assert all(each["title"].strip() for each in record["titles"])
    assert re.fullmatch(r"10\.\d{4,9}/[-._;()/:<>a-z0-9A-Z]+", record.get("doi", "10.1234/x"))
    for key in ("titles", "subjects", "dates", "alternateIdentifiers"):
        told = [json.dumps(each) for each in record.get(key, [])]
        assert len(told) == len(set(told))
    assert all(DATE.fullmatch(each["date"]) for each in record.get("dates", []))


@every_dataset
def test_datacite_xml_has_what_kernel_4_demands(value: Dataset) -> None:
    root = fromstring(written("datacite-xml", value))
    assert root.tag == f"{{{KERNEL}}}resource"
    for path in ("identifier", "creators/creator/creatorName", "titles/title", "publisher"):
        assert said(root, path), path
    assert re.fullmatch(r"\d{4}", said(root, "publicationYear"))
    assert {each.tag.removeprefix(f"{{{KERNEL}}}") for each in root} <= RESOURCE_ELEMENTS
    assert len({each.tag for each in root}) == len(root)
    assert all((each.text or "").strip() for each in root.iter() if not len(each))
    kind = root.find(f"{{{KERNEL}}}resourceType")
    assert kind is not None
    assert kind.attrib == {"resourceTypeGeneral": "Dataset"}


RESOURCE_ELEMENTS = {
    "identifier", "creators", "titles", "publisher", "publicationYear", "resourceType", "subjects",
    "dates", "language", "alternateIdentifiers", "version", "rightsList", "descriptions",
}  # fmt: skip
"""Each at most once and in any order (`xs:all`); the schema has more, which are not used."""


def test_a_maker_is_called_a_person_only_by_an_orcid() -> None:
    people = next(each for each in EDGES if each.iri.endswith("people"))
    plato, zonen, _ = json.loads(written("datacite-json", people))["creators"]
    assert plato["nameType"] == "Personal"
    assert plato["nameIdentifiers"][0]["nameIdentifier"] == ORCID
    assert "nameType" not in zonen
    xml = fromstring(written("datacite-xml", people))
    assert said(xml, "creators/creator/nameIdentifier") == ORCID
    kinds = {
        each["name"]: each["@type"]
        for each in json.loads(written("ro-crate", people))["@graph"][2:]
    }
    assert (kinds["Plato"], kinds["De Vries, A. and Zonen"]) == ("Person", "Organization")


def test_the_doi_is_not_told_again_as_another_name() -> None:
    record = json.loads(written("datacite-json", OPENED))
    assert record["doi"] == "10.1234/abc-def"
    assert not [each for each in record["alternateIdentifiers"] if "10.1234" in str(each)]


def said(root: Element, path: str) -> str:
    found = root.find("/".join(f"{{{KERNEL}}}{each}" for each in path.split("/")))
    return (found.text or "") if found is not None else ""


def test_xml_and_json_of_datacite_say_the_same() -> None:
    root, record = (
        fromstring(written("datacite-xml", OPENED)),
        json.loads(written("datacite-json", OPENED)),
    )
    assert said(root, "identifier") == record["doi"] == "10.1234/abc-def"
    assert said(root, "rightsList/rights") == record["rightsList"][0]["rights"] == CC0


# --- packages -----------------------------------------------------------------------------


@every_dataset
def test_an_ro_crate_is_a_flat_graph_whose_references_are_described(value: Dataset) -> None:
    crate = json.loads(written("ro-crate", value))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    ids = [each["@id"] for each in crate["@graph"]]
    assert len(ids) == len(set(ids))
    descriptor, root = crate["@graph"][:2]
    assert descriptor["@id"] == "ro-crate-metadata.json"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": root["@id"]} == {"@id": "./"}
    assert {"name", "description", "datePublished", "license", "author"} <= set(root)
    assert set(root["license"]) == {"@id"}
    assert not [each for each in root.values() if isinstance(each, list) and len(each) == 1]
    assert all(each["name"].strip() for each in crate["@graph"][1:])
    referred = {each["@id"] for each in references(root)}
    assert referred <= set(ids)


def references(value: Any) -> list[dict[str, str]]:
    """Every `{"@id": …}` within the properties of an entity."""
    found = [
        each for part in value.values() for each in (part if isinstance(part, list) else [part])
    ]
    return [each for each in found if isinstance(each, dict) and set(each) == {"@id"}]


def test_open_files_are_parts_of_the_crate_and_controlled_ones_are_not() -> None:
    opened, closed = (json.loads(written("ro-crate", each)) for each in (OPENED, CONTROLLED))
    assert opened["@graph"][1]["hasPart"] == {"@id": FILE.download_url}
    assert opened["@graph"][1]["license"] == {"@id": CC0}
    assert "hasPart" not in closed["@graph"][1]


IANA = "https://www.iana.org/assignments/media-types/"
CSV_TYPE = f"{EU_AUTHORITY}file-type/CSV"


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"media_type": f"{IANA}text/csv"}, "text/csv"),
        ({"media_type": "http" + IANA.removeprefix("https") + "text/csv"}, "text/csv"),
        ({"media_type": "text/csv", "format": CSV_TYPE}, "text/csv"),
        ({"media_type": None, "format": f"{IANA}text/csv"}, "text/csv"),
        ({"media_type": None, "format": CSV_TYPE}, {"@id": CSV_TYPE}),
        ({"media_type": None, "format": None}, None),
    ],
)
def test_a_crate_tells_a_media_type_as_text_and_a_format_as_a_reference(
    stated: dict[str, Any], told: Any
) -> None:
    value = replace(OPENED, distributions=(replace(FILE, **stated),))
    graph = json.loads(written("ro-crate", value))["@graph"]
    (file,) = [each for each in graph if each["@id"] == FILE.download_url]
    assert file.get("encodingFormat") == told
    assert {each["@id"] for each in references(file)} <= {each["@id"] for each in graph}


def test_croissant_exists_only_where_its_demands_are_met() -> None:
    lacks = exports()["croissant"].lacks
    assert lacks(described(townhall.RICH)) == "a licence and a date of publication"
    assert lacks(described(OPENED)) == ""
    document = json.loads(written("croissant", OPENED))
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "url", "creator", "datePublished"} <= set(document)
    assert document["@type"] == "sc:Dataset"
    assert "distribution" not in document
    assert {"fileSet", "recordSet", "data", "examples", "rai"} <= set(document["@context"])


def test_croissant_of_data_that_are_not_open_names_no_file_and_says_so() -> None:
    document = json.loads(written("croissant", CONTROLLED))
    assert "isAccessibleForFree" not in document, "nothing is said of what it costs"
    assert document["conditionsOfAccess"] == ["restricted"]
    assert not {"distribution", "recordSet"} & set(document)
    assert "variants.vcf.gz" not in json.dumps(document)


# --- spreadsheet --------------------------------------------------------------------------


@every_dataset
def test_a_row_has_a_cell_for_each_column_and_none_is_a_formula(value: Dataset) -> None:
    header, row = csv.reader(io.StringIO(written("csv", value).removeprefix("\ufeff")))
    assert len(header) == len(row)
    assert not any(each.startswith(("=", "+", "-", "@", "|", "%")) for each in row)


def test_a_few_people_are_a_text_and_unknown_is_empty() -> None:
    def cell(value: Dataset, name: str) -> str:
        (row,) = csv.DictReader(io.StringIO(written("csv", value).removeprefix("\ufeff")))
        return str(row[name])

    assert cell(townhall.SMALL, "individuals") == "fewer than 10"
    assert cell(townhall.BARE, "individuals") == ""
    assert cell(townhall.RICH, "individuals") == "1230"


def test_a_formula_behind_another_separator_is_a_text_too() -> None:
    text = written("csv", next(each for each in EDGES if each.iri.endswith("formula")))
    assert "a;'=1+1" in text
    assert ";=" not in text


# --- dataset search engines ---------------------------------------------------------------


@every_dataset
def test_schema_org_has_what_dataset_search_engines_want(value: Dataset) -> None:
    stated = json.loads(written("schema-org", value))
    assert stated["@type"] == "Dataset"
    assert stated["name"].strip()
    assert 50 <= len(stated["description"]) <= 5000
    assert all(each["name"].strip() for each in stated["creator"])
    assert stated["includedInDataCatalog"]["url"] == townhall.BASE
    assert all(each.startswith("http") for each in stated.get("sameAs", []))
    dates = [stated.get(name, "2026") for name in ("datePublished", "dateModified")]
    assert all(re.match(r"\d{4}(-\d\d|$)", each) for each in dates)
    assert all(each["@type"] == "DataDownload" for each in stated.get("distribution", []))
    assert not [each for each in strings(stated) if each.lower().startswith("javascript:")]


def strings(value: Any) -> list[str]:
    """Every `@id`, address and other address-like text."""
    if isinstance(value, dict):
        return [
            text
            for name, each in value.items()
            if name in {"@id", "url", "contentUrl", "sameAs", "license"}
            or not isinstance(each, str)
            for text in strings(each)
        ]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_a_doi_and_a_landing_page_are_the_same_dataset_elsewhere() -> None:
    value = replace(OPENED, landing_page=Iri("https://umc.example/page"))
    stated = json.loads(written("schema-org", value))
    assert stated["sameAs"] == ["https://doi.org/10.1234/abc-def", "https://umc.example/page"]
