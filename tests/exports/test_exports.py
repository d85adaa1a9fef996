"""Every format, by the rules of its own standard, for what is rich, bare and hostile."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
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


def described(value: Dataset) -> Described:
    return Described(
        dataset=value,
        record=townhall.published(value, townhall.NOORDZEE).record,
        base=townhall.BASE,
        vocabulary=townhall.vocabulary(),
    )


def written(key: str, value: Dataset) -> str:
    return exports()[key].write(described(value)).decode()


VALUES = (townhall.RICH, townhall.SMALL, townhall.BARE, townhall.HOSTILE, OPENED, CONTROLLED, EVIL)
every_dataset = pytest.mark.parametrize("value", VALUES, ids=lambda each: each.iri[-8:])


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
    assert ("creativecommons" in written(key, value).lower()) <= (FILE in value.distributions)


@every_dataset
@pytest.mark.parametrize("key", list(exports()))
def test_no_format_carries_markup_or_control_characters(key: str, value: Dataset) -> None:
    text = written(key, value)
    assert "\x00" not in text
    if "json" in exports()[key].media_type:
        assert "<" not in text


# --- citations ----------------------------------------------------------------------------


@every_dataset
def test_bibtex_is_one_entry_of_balanced_fields(value: Dataset) -> None:
    text = written("bibtex", value)
    assert re.match(r"@misc\{[a-z0-9-]+,\n", text)
    bare = re.sub(r"\\[{}]", "", text.replace(r"\textbackslash{}", ""))
    assert bare.count("{") == bare.count("}")
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
    assert all(list(each) == ["literal"] and each["literal"] for each in item["author"])
    (date,) = item["issued"]["date-parts"]
    assert all(isinstance(each, int) for each in date)


def test_a_stated_maker_day_and_doi_are_cited() -> None:
    (item,) = json.loads(written("csl", OPENED))
    assert item["author"] == [{"literal": "Variant Group"}]
    assert item["issued"] == {"date-parts": [[2024, 5, 1]]}
    assert item["DOI"] == "10.1234/abc-def"


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
    assert all(each["name"] for each in record["creators"])
    assert re.fullmatch(r"10\.\d{4,9}/[-._;()/:a-z0-9A-Z]+", record.get("doi", "10.1234/x"))
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
    kind = root.find(f"{{{KERNEL}}}resourceType")
    assert kind is not None
    assert kind.attrib == {"resourceTypeGeneral": "Dataset"}


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
    assert {"name", "description", "datePublished", "license"} <= set(root)
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
    assert opened["@graph"][1]["hasPart"] == [{"@id": FILE.download_url}]
    assert opened["@graph"][1]["license"] == {"@id": CC0}
    assert "hasPart" not in closed["@graph"][1]


def test_croissant_exists_only_where_its_demands_are_met() -> None:
    lacks = exports()["croissant"].lacks
    assert lacks(described(townhall.RICH)) == "a licence and a date of publication"
    assert lacks(described(OPENED)) == ""
    document = json.loads(written("croissant", OPENED))
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "url", "creator", "datePublished"} <= set(document)
    assert document["@type"] == "sc:Dataset"
    assert "distribution" not in document


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
