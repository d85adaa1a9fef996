"""What the invented studies are about: who took part, and what was read from their DNA.

Short invented prose, in Dutch and English. Nobody in it exists, and neither do the studies.
"""

from __future__ import annotations

from dataclasses import dataclass

from examples.hospitals.describe import Access, Linkage


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A disease, the people of such a study, and the sets of assays such studies use."""

    diseases: tuple[str, ...]
    who: dict[str, str]
    assays: tuple[tuple[str, ...], ...]
    ages: tuple[int, int]


def _topic(  # noqa: PLR0913, PLR0917 - a row of the table below
    diseases: str, nl: str, en: str, assays: str, low: int, high: int
) -> Topic:
    sets = tuple(tuple(each.split("+")) for each in assays.split())
    who = {"nl": nl, "en": en}
    return Topic(diseases=tuple(diseases.split()), who=who, assays=sets, ages=(low, high))


_FAMILIES = ("families met deze aanleg", "families in which the condition runs")

TOPICS: dict[str, Topic] = {
    "cancer": _topic(
        "cancer", "volwassenen met een vaste tumor", "adults with a solid tumour",
        "wes wgs+rna-seq panel cfdna", 18, 90),
    "breast-cancer": _topic(
        "breast-cancer", "vrouwen en mannen met borstkanker", "women and men with breast cancer",
        "wes wgs panel snp-array", 25, 85),
    "breast-carcinoma": _topic(
        "breast-carcinoma", "vrouwen die vóór hun behandeling meededen",
        "women who took part before their treatment", "wgs+rna-seq wes sc-rna", 28, 80),
    "hereditary-breast-carcinoma": _topic(
        "hereditary-breast-carcinoma", "families van de polikliniek erfelijke tumoren",
        "families of the family cancer clinic", "wgs wes panel+wes", 18, 85),
    "colorectal-cancer": _topic(
        "colorectal-cancer", "deelnemers aan het vervolg op darmonderzoek",
        "participants in follow-up after bowel screening", "wes panel+rna-seq methylation-array",
        40, 85),
    "melanoma": _topic(
        "melanoma", "mensen met een uitgezaaid melanoom", "people with metastatic melanoma",
        "wes+rna-seq wgs panel", 20, 85),
    "lung-cancer": _topic(
        "lung-cancer", "mensen met longkanker die immuuntherapie kregen",
        "people with lung cancer who had immunotherapy", "wes panel cfdna+panel", 35, 88),
    "prostate-cancer": _topic(
        "prostate-cancer", "mannen die onder controle bleven", "men under active surveillance",
        "wgs panel methylation-array", 45, 85),
    "glioma": _topic(
        "glioma", "kinderen en volwassenen met een hersentumor",
        "children and adults with a brain tumour", "methylation-array+wes wgs rna-seq", 2, 80),
    "cardiovascular": _topic(
        "cardiovascular", "bezoekers van de hartpolikliniek", "visitors of the heart clinic",
        "snp-array wes wgs+snp-array", 30, 90),
    "cardiomyopathy": _topic(
        "cardiomyopathy", "mensen met een onverklaarde hartspierziekte",
        "people with an unexplained disease of the heart muscle", "wes wgs panel panel+wes",
        12, 85),
    "dilated-cardiomyopathy": _topic(
        "dilated-cardiomyopathy", "families van de polikliniek erfelijke hartziekten",
        "families of the inherited heart disease clinic", "wes wgs+rna-seq panel", 10, 80),
    "hypertrophic-cardiomyopathy": _topic(
        "hypertrophic-cardiomyopathy", "sporters en hun familieleden",
        "athletes and their relatives", "wes panel wgs", 12, 75),
    "arrhythmogenic-cardiomyopathy": _topic(
        "arrhythmogenic-cardiomyopathy", *_FAMILIES, "panel+wes wgs wes", 14, 75),
    "rare-genetic": _topic(
        "rare-genetic", "kinderen zonder diagnose en hun ouders",
        "children without a diagnosis and their parents",
        "wgs wes long-read+wgs wgs+optical-mapping", 0, 18),
    "cystic-fibrosis": _topic(
        "cystic-fibrosis", "mensen van het centrum voor taaislijmziekte",
        "people of the cystic fibrosis centre", "wes sanger+panel wgs rna-seq", 0, 60),
    "intellectual-disability": _topic(
        "intellectual-disability", "kinderen met hun beide ouders",
        "children together with both parents", "wes array-cgh+wes wgs", 0, 25),
    "epilepsy": _topic(
        "epilepsy", "kinderen met moeilijk behandelbare aanvallen",
        "children whose seizures are hard to treat", "panel wes wgs+mtdna", 0, 20),
    "huntington": _topic(
        "huntington", *_FAMILIES, "long-read wgs snp-array", 18, 80),
    "parkinson": _topic(
        "parkinson", "mensen in de eerste jaren na hun diagnose",
        "people in the first years after their diagnosis", "snp-array wgs snp-array+wes", 40, 90),
    "neurological": _topic(
        "neurological", "volwassenen met een onbegrepen zenuwaandoening",
        "adults with an unexplained nerve disorder", "wes wgs ont", 18, 80),
    "diabetes-mellitus": _topic(
        "diabetes-mellitus", "kinderen en volwassenen met diabetes",
        "children and adults with diabetes", "snp-array panel wes", 1, 85),
    "diabetes-type-2": _topic(
        "diabetes-type-2", "mensen die met hun huisarts meededen",
        "people who took part through their general practice",
        "snp-array snp-array+metabolomics wgs", 35, 85),
    "metabolic": _topic(
        "metabolic", "pasgeborenen met een afwijkende hielprik",
        "newborns with an abnormal heel prick", "wes wgs+metabolomics panel", 0, 3),
    "phenylketonuria": _topic(
        "phenylketonuria", "volwassenen die als kind zijn gevonden door de hielprik",
        "adults who were found as children by newborn screening", "sanger panel wes", 18, 55),
    "immune": _topic(
        "immune", "mensen met steeds terugkerende infecties", "people with recurrent infections",
        "wes panel+tcr-seq wgs sc-rna", 0, 70),
    "eye": _topic(
        "eye", "bezoekers van de oogpolikliniek", "visitors of the eye clinic",
        "wes panel snp-array", 5, 85),
    "retinitis-pigmentosa": _topic(
        "retinitis-pigmentosa", *_FAMILIES, "panel wgs wes long-read", 8, 75),
    "kidney": _topic(
        "kidney", "mensen vóór en na een niertransplantatie",
        "people before and after a kidney transplant", "wes snp-array panel", 10, 80),
    "mental": _topic(
        "mental", "jongeren die hulp zochten", "young people who sought help",
        "snp-array methylation-array wes", 12, 25),
    "schizophrenia": _topic(
        "schizophrenia", "mensen na een eerste psychose", "people after a first psychosis",
        "snp-array wes snp-array+methylation-array", 16, 45),
    "population": _topic(
        "", "deelnemers aan een bevolkingsonderzoek", "participants in a population study",
        "snp-array wgs snp-array+metabolomics low-pass-wgs", 18, 95),
}  # fmt: skip
"""Keyed by what a hospital's `specialties` name; `population` is about no disease."""

ASSAYS: dict[str, tuple[str, str]] = {
    "wes": ("exomen", "exomes"),
    "wgs": ("genomen", "genomes"),
    "panel": ("genpanels", "gene panels"),
    "snp-array": ("SNP-arrays", "SNP arrays"),
    "rna-seq": ("RNA-profielen", "RNA profiles"),
    "sc-rna": ("RNA-profielen per cel", "single-cell RNA profiles"),
    "methylation-array": ("methylatieprofielen", "methylation profiles"),
    "array-cgh": ("array-CGH", "array CGH"),
    "cfdna": ("celvrij DNA", "cell-free DNA"),
    "tcr-seq": ("T-celreceptoren", "T cell receptors"),
    "mtdna": ("mitochondriaal DNA", "mitochondrial DNA"),
    "long-read": ("long-read-genomen", "long-read genomes"),
    "ont": ("nanopore-genomen", "nanopore genomes"),
    "optical-mapping": ("optische genoomkaarten", "optical genome maps"),
    "low-pass-wgs": ("genomen met lage dekking", "low-pass genomes"),
    "sanger": ("Sanger-sequenties", "Sanger sequences"),
    "metabolomics": ("metabolieten", "metabolites"),
}
"""Assay → what people call the results, in Dutch and in English."""

SETTINGS = (
    ("tijdens de gewone zorg", "during usual care"),
    ("in een onderzoek met jaarlijkse controles", "in a study with yearly follow-up"),
    ("bij twee klinieken van het ziekenhuis", "at two clinics of the hospital"),
    ("na doorverwijzing uit het hele land", "after referral from all over the country"),
    ("in een afgesloten onderzoek", "in a study that has ended"),
)

REMARKS = (
    ("De ruwe bestanden zijn bewaard.", "The raw files have been kept."),
    ("Varianten zijn opnieuw bepaald in 2024.", "Variants were called again in 2024."),
    ("Ook familieleden zonder klachten deden mee.", "Relatives without symptoms took part too."),
    ("Bij elk bezoek is een vragenlijst ingevuld.", "A questionnaire was filled in at each visit."),
    ("Van een deel is ook weefsel bewaard.", "For some, tissue has been stored as well."),
    ("De kwaliteit is per monster beschreven.", "Quality is described for each sample."),
)

SYNTHETIC = {
    "nl": "Synthetische demonstratie: deze gegevens en deze mensen bestaan niet.",
    "en": "Synthetic demonstration: these data and these people do not exist.",
}
"""The last sentence of every description, so that nobody mistakes it for a real dataset."""

KEYWORDS = {"nl": "synthetische demonstratie", "en": "synthetic demonstration"}

LINKAGES: tuple[tuple[Linkage, ...], ...] = (
    (),
    (),
    (Linkage(target="ehr", status="linked", method="study-id", linked_by="holder",
             analysed_in="holder-secure-environment", completeness="100", checked="2026-03-01"),),
    (Linkage(target="cancer-registry", status="linked", method="ttp-pseudonym", linked_by="ttp",
             analysed_in="holder-secure-environment", completeness="94.5", checked="2025-11-15"),),
    (Linkage(target="statistics", status="agreed", method="ttp-pseudonym",
             linked_by="statistics-office", analysed_in="national-secure-environment"),),
    (Linkage(target="pathology", status="possible", method="deterministic", linked_by="registry"),
     Linkage(target="cancer-registry", status="agreed")),
    (Linkage(target="primary-care", status="not-allowed"),),
    (Linkage(target="pharmacy", status="possible", method="pprl", linked_by="ttp",
             analysed_in="federated", completeness="62", checked="2024-06-30"),),
    (Linkage(target="perinatal", status="linked", method="probabilistic", linked_by="registry",
             analysed_in="remote-access", completeness="71.3", checked="2025-01-20"),),
    (Linkage(target="imaging", status="linked", method="study-id", linked_by="holder",
             analysed_in="copy"),),
    (Linkage(target="biobank", status="linked"), Linkage(target="ehr", status="possible")),
    (Linkage(target="other", status="possible", method="mpc", analysed_in="remote-access"),),
    (Linkage(target="statistics", status="not-stated"),),
)  # fmt: skip
"""Every kind of linkage; two in thirteen say nothing at all."""

ACCESSES = (
    Access(rights="RESTRICTED", accessibility="controlled",
           routes=("request-form", "committee"), weeks=8),
    Access(rights="RESTRICTED", accessibility="controlled", routes=("committee",), weeks=12),
    Access(rights="NON_PUBLIC", accessibility="no-route"),
    Access(rights="PUBLIC", accessibility="open", routes=("download",), weeks=0),
    Access(rights="PUBLIC", accessibility="registration", routes=("registration",), weeks=1),
    Access(rights="RESTRICTED", accessibility="controlled", routes=("hdab",)),
    Access(rights="RESTRICTED", accessibility="controlled",
           routes=("federated", "beacon"), weeks=4),
    Access(),
    Access(rights="NON_PUBLIC", accessibility="controlled", routes=("request-form",), weeks=6),
)  # fmt: skip
"""Every state of access, and silence."""
