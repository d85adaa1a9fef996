"""The words of the vocabularies that shapes are about, to notice one that does not exist.

A shape about `dcat:endPointURL` never finds anything wrong, because nobody uses that word:
the property is called `dcat:endpointURL`.
"""

from __future__ import annotations

from functools import cache

from catalogue.namespaces import ADMS, DCAT, DCATAP, DCT, FOAF, HDC, PROV, SH, SPDX

OUR_LISTS: dict[str, str] = {
    HDC: """analytics hasCodeValues hasCodingSystem hasStructuredData hasVariables hdab
        hdabCoordinator healthCategory healthTheme maxTypicalAge minTypicalAge numberOfRecords
        numberOfUniqueIndividuals populationCoverage publisherNote publisherType retentionPeriod
        trustedDataHolder""",
    DCATAP: "applicableLegislation availability hvdCategory",
    ADMS: """Asset AssetDistribution AssetRepository Identifier identifier includedAsset
        interoperabilityLevel last next prev representationTechnique sample schemaAgency status
        supportedSchema translation versionNotes""",
    SPDX: """Checksum ChecksumAlgorithm algorithm checksum checksumValue
        checksumAlgorithm_md5 checksumAlgorithm_sha1 checksumAlgorithm_sha256
        checksumAlgorithm_sha384 checksumAlgorithm_sha512""",
    DCAT: """DatasetSeries first hasCurrentVersion hasVersion inSeries isVersionOf last next
        nextVersion prev previousVersion qualifiedRelation resource seriesMember version""",
}
"""Words that rdflib does not list; of DCAT those of its third version."""


def existing(iri: str) -> bool | None:
    """Whether the word is in its vocabulary; `None` when we do not have a list of that.

    >>> existing("http://www.w3.org/ns/dcat#endpointURL")
    True
    >>> existing("http://www.w3.org/ns/dcat#endPointURL")
    False
    """
    namespace, word = _parts(iri)
    return word in _words(namespace) if _words(namespace) else None


def meant(iri: str) -> str:
    """The word that differs from this one in capitals only; empty when there is none.

    >>> meant("http://healthdataportal.eu/ns/health#publishernote")
    'http://healthdataportal.eu/ns/health#publisherNote'
    """
    namespace, word = _parts(iri)
    same = [known for known in sorted(_words(namespace)) if known.lower() == word.lower()]
    return namespace + same[-1] if same and word not in same else ""


def is_class(iri: str) -> bool:
    """Whether the word names a class: in all these vocabularies it has a capital."""
    return _parts(iri)[1][:1].isupper()


def _parts(iri: str) -> tuple[str, str]:
    place = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:place], iri[place:]


@cache
def _words(namespace: str) -> frozenset[str]:
    """All words that we know of the vocabulary; empty for others than ours."""
    return frozenset(OUR_LISTS.get(namespace, "").split()) | _of_rdflib(namespace)


def _of_rdflib(namespace: str) -> frozenset[str]:
    from rdflib import namespace as lists  # noqa: PLC0415 - a quarter of a second, seldom needed

    found = {
        str(each): frozenset([*each.__annotations__, *getattr(each, "_extras", ())])
        for each in (lists.DCAT, lists.DCTERMS, lists.FOAF, lists.PROV, lists.SH)
    }
    return found[namespace] if namespace in {DCAT, DCT, FOAF, PROV, SH} else frozenset()
