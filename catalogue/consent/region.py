"""Which countries lie in which regions: what a geographical restriction needs.

Countries are ISO 3166 codes of two letters; the codes of three letters that the EU's country
table uses are read too. A region that we do not know is no region: a person has to look.
"""

from __future__ import annotations

import re

from catalogue.namespaces import EU_AUTHORITY
from catalogue.terms.alias import canonical

ALPHA3 = {
    "AUT": "AT", "BEL": "BE", "BGR": "BG", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK",
    "EST": "EE", "ESP": "ES", "FIN": "FI", "FRA": "FR", "GRC": "GR", "HRV": "HR", "HUN": "HU",
    "IRL": "IE", "ITA": "IT", "LTU": "LT", "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL",
    "POL": "PL", "PRT": "PT", "ROU": "RO", "SWE": "SE", "SVN": "SI", "SVK": "SK", "ISL": "IS",
    "LIE": "LI", "NOR": "NO", "CHE": "CH", "GBR": "GB", "USA": "US", "CAN": "CA", "AUS": "AU",
    "JPN": "JP", "CHN": "CN", "IND": "IN", "BRA": "BR", "ZAF": "ZA", "ISR": "IL", "TUR": "TR",
    "UKR": "UA", "SRB": "RS", "KOR": "KR", "SGP": "SG", "NZL": "NZ", "MEX": "MX",
}  # fmt: skip
"""Three letters → two, for Europe and the countries that study with it most."""

ALPHA2 = frozenset(
    re.findall(
        "..",
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCG"
        "CHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGL"
        "GMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLA"
        "LBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONP"
        "NRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSV"
        "SXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW",
    )
)
"""The two letters that ISO 3166-1 gives to countries; other letters name nothing."""

EU = frozenset(list(ALPHA3.values())[:27])
REGIONS: dict[str, frozenset[str]] = {
    "EU": EU,
    "EEA": EU | {"IS", "LI", "NO"},
    "BENELUX": frozenset({"BE", "NL", "LU"}),
}
"""Regions of more than one country."""

SPELLINGS = {
    "UK": "GB",
    "EL": "GR",
    "EER": "EEA",
    "EUROPEAN UNION": "EU",
    "EUROPESE UNIE": "EU",
    "NETHERLANDS": "NL",
    "THE NETHERLANDS": "NL",
    "NEDERLAND": "NL",
    "BELGIUM": "BE",
    "BELGIË": "BE",
    "GERMANY": "DE",
    "DUITSLAND": "DE",
    "FRANCE": "FR",
    "FRANKRIJK": "FR",
    "UNITED KINGDOM": "GB",
    "VERENIGD KONINKRIJK": "GB",
    "UNITED STATES": "US",
    "VERENIGDE STATEN": "US",
    "EUROPEAN ECONOMIC AREA": "EEA",
    "EUROPESE ECONOMISCHE RUIMTE": "EEA",
    "EUR": "EU",
    "EU27": "EU",
    "HTTP://WWW.WIKIDATA.ORG/ENTITY/Q55": "NL",
    "HTTP://WWW.WIKIDATA.ORG/ENTITY/Q458": "EU",
    "HTTPS://SWS.GEONAMES.ORG/2750405": "NL",
}
PREFIXES = (f"{EU_AUTHORITY}COUNTRY/".upper(), "ISO3166:", "ISO3166-1:", "ISO:")


def place(text: str) -> str | None:
    """The code of a country or region; `None` when the text names none that we know.

    >>> place("nl"), place("http://publications.europa.eu/resource/authority/country/NLD")
    ('NL', 'NL')
    """
    code = canonical(text).upper().rstrip("/")
    for prefix in PREFIXES:
        code = code.removeprefix(prefix)
    code = SPELLINGS.get(code, code)
    code = ALPHA3.get(code, code)
    return code if code in REGIONS or code in ALPHA2 else None


def members(code: str) -> frozenset[str]:
    """The countries of a region; a country is a region of itself."""
    return REGIONS.get(code, frozenset((code,)))


def inside(country: str, region: str) -> bool:
    """Whether all of `country` lies in `region`; both as `place` gives them."""
    return members(country) <= members(region)
