"""Descriptions that the tests of quality start from."""

from __future__ import annotations

from dataclasses import dataclass

from given import a_graph, named

from catalogue.quality.controlled import controlled_access
from catalogue.quality.score import Criterion, Score
from catalogue.rdf import read
from catalogue.rdf.graph import Graph

CLOSED = """
<d> a dcat:Dataset ;
  dct:title "Hartgenomen"@nl, "Heart genomes"@en ;
  dct:description "Exomen van mensen met een hartspierziekte"@nl,
    "Exomes of people with a cardiomyopathy"@en ;
  dct:identifier "10.1234/heart" ;
  dct:publisher [ a foaf:Agent ; foaf:name "Merwestad Hospital"@en ] ;
  dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:desk@umc.example> ] ;
  dcat:keyword "exome"@en ; dcat:theme eu:data-theme\\/HEAL ;
  foaf:page <codebook> ; dct:conformsTo <standard> ;
  dct:provenance "Collected in outpatient care"@en ;
  dct:accessRights eu:access-right\\/NON_PUBLIC ;
  dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj> ;
  dpv:hasLegalBasis dpv:Consent ;
  dct:accrualPeriodicity eu:frequency\\/NEVER ; dcat:version "2" ;
  dct:issued "2024-01-02"^^xsd:date ; dct:modified "2026-01-02"^^xsd:date ;
  dqv:hasQualityAnnotation <certificate> ;
  hdc:numberOfUniqueIndividuals 830 ; hdc:populationCoverage "Adults in the region"@en ;
  hdc:minTypicalAge 18 ; hdc:maxTypicalAge 80 ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2015"^^xsd:gYear ] ;
  dct:spatial eu:country\\/NLD ;
  hri:healthConditionOfInterest sct:85898001 ; dct:isReferencedBy <article> ;
  gc:assayGroup [ a gc:AssayGroup ; gc:assay gc:assay-wes ; gc:individuals 830 ;
    gc:referenceGenome gc:genome-grch38 ; gc:meanCoverage 60.5 ;
    gc:tissueOrigin gc:tissue-germline ; gc:dataLevel gc:level-variants ] ;
  gc:consentStratum [ a gc:ConsentStratum ; gc:condition [ gc:term duo:0000006 ] ] ;
  gc:linkage [ a gc:Linkage ; gc:targetKind gc:target-ehr ; gc:linkageStatus gc:linkage-linked ;
    gc:linkageMethod gc:method-deterministic ; gc:linkedBy gc:linker-holder ;
    gc:lastChecked "2026-03-01"^^xsd:date ] ;
  gc:accessRoute gc:route-committee ; gc:accessibility gc:access-controlled ;
  gc:weeksToAccess 8 ;
  dcat:distribution <d/ask> .
<d/ask> a dcat:Distribution ; dct:title "Request"@en ; dcat:accessURL <request> .
"""
"""A closed dataset of which everything is said that can be said."""

OPEN = """
<d> a dcat:Dataset ; dcat:keyword "summary" ; dcat:theme eu:data-theme\\/HEAL ;
  dct:spatial eu:country\\/NLD ; dct:temporal [ dcat:startDate "2015" ] ;
  dct:accessRights eu:access-right\\/PUBLIC ; dcat:contactPoint [ vcard:fn "Desk" ] ;
  dct:publisher <org> ; dct:issued "2024" ; dct:modified "2025" ; dcat:distribution <d/csv> .
<d/csv> a dcat:Distribution ; dcat:accessURL <data> ; dcat:downloadURL <data.csv> ;
  dct:format eu:file-type\\/CSV ; dct:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
  dct:rights <terms> ; dcat:byteSize 10 .
"""
"""An open dataset to which the European assessment can give every point."""

REACHED = {"https://umc.example/data": True, "https://umc.example/data.csv": True}
"""What a link checker would say of `OPEN`."""


@dataclass(frozen=True)
class Finding:
    """What the score looks at in a finding."""

    component: str


@dataclass(frozen=True)
class Report:
    """What the score looks at in a validation report."""

    profile: str
    conforms: bool = True
    findings: tuple[Finding, ...] = ()


PASSED = (Report("health-ri-core-2"), Report("genome-inventory-1"))


def controlled(
    turtle: str | Graph, reports: tuple[Report, ...] = PASSED, subject: str = "d"
) -> Score:
    """Our score of `<d>`."""
    graph = a_graph(turtle) if isinstance(turtle, str) else turtle
    return controlled_access(read.dataset(graph, named(subject)), graph, reports)


def the(score: Score, key: str) -> Criterion:
    """One criterion of a score."""
    return next(criterion for criterion in score.criteria if criterion.key == key)
