"""The lists against which the European assessment checks formats, licences and access rights.

Facts from the vocabularies of data.europa.eu, as mirrored in public code. Genome formats
(CRAM, VCF, FASTQ) stand on none of the file lists, which is one reason why the assessment
underrates genome data.
"""

from __future__ import annotations

import re

from catalogue.namespaces import EU_AUTHORITY, GC

FILE_TYPE = EU_AUTHORITY + "file-type/"
LICENCE = EU_AUTHORITY + "licence/"
ACCESS_RIGHT = EU_AUTHORITY + "access-right/"


def _coded(table: str, codes: str) -> frozenset[str]:
    return frozenset(table + code for code in codes.split())


ACCESS_RIGHTS = _coded(
    ACCESS_RIGHT, "CONFIDENTIAL NON_PUBLIC NORMAL OP_DATPRO PUBLIC RESTRICTED SENSITIVE"
)

CLOSED = _coded(ACCESS_RIGHT, "CONFIDENTIAL NON_PUBLIC RESTRICTED SENSITIVE") | _coded(
    GC, "access-registration access-controlled access-no-route"
)
"""Access rights, theirs and ours, under which not everybody may have the data."""

NON_PROPRIETARY = _coded(
    FILE_TYPE,
    "BMP CSV DBF ETSI_XML GEOJSON GPKG GZIP HTML ICS JPEG2000 JSON JSON_LD KML KMZ NETCDF ODS "
    "PNG RDF_N_QUADS RDF_N_TRIPLES RDF_TRIG RDF_TURTLE RDF_XML RSS RTF TAR TIFF TSV TXT "
    "WMS_SRVC XML ZIP",
)
"""File types that belong to nobody."""

MACHINE_READABLE = _coded(
    FILE_TYPE,
    "CSV GEOJSON ICS JSON JSON_LD KML KMZ NETCDF ODS RDFA RDF_N_QUADS RDF_N_TRIPLES RDF_TRIG "
    "RDF_TURTLE RDF_XML RSS SHP XLS XLSX XML",
)
"""File types that a program can read as data."""

_EU_CODE = re.compile(r"[A-Z0-9][A-Z0-9_]*")
_MEDIA_TYPE = re.compile(
    r"https?://www\.iana\.org/assignments/media-types/"
    r"(?:application|audio|font|haptics|image|message|model|multipart|text|video)/"
    r"(?!x-)[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
)
_LICENCES = re.compile(
    r"https?://(?:www\.)?(?:creativecommons\.org/(?:licenses|publicdomain)"
    r"|opensource\.org/licenses|opendatacommons\.org/licenses)/\S+"
)


def is_file_type(iri: str) -> bool:
    """Whether the address is one of the EU table of file types (the code is not looked up)."""
    return iri.startswith(FILE_TYPE) and bool(_EU_CODE.fullmatch(iri.removeprefix(FILE_TYPE)))


def is_media_type(iri: str) -> bool:
    """Whether the address is one of IANA's media types (the subtype is not looked up).

    >>> is_media_type("https://www.iana.org/assignments/media-types/application/vcf")
    True
    >>> is_media_type("application/gzip")
    False
    """
    return bool(_MEDIA_TYPE.fullmatch(iri))


def is_licence(iri: str) -> bool:
    """Whether the licence stands in the EU table, or at the address that the table equates."""
    in_table = iri.startswith(LICENCE) and bool(_EU_CODE.fullmatch(iri.removeprefix(LICENCE)))
    return in_table or bool(_LICENCES.fullmatch(iri))
