"""The page of one dataset: its sections, in order, as plain values.

A section is never left out because nothing was stated: that nothing was stated is the news.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue.model.agent import Agent, Contact
from catalogue.model.counts import Count
from catalogue.model.dataset import Dataset, Distribution
from catalogue.model.genome import AssayGroup, ConsentStratum, Linkage, Period
from catalogue.register.records import (
    SUBMITTED,
    Published,
    Record,
    RunSummary,
    SourceStatus,
    VersionSummary,
)
from catalogue.web.messages import gettext, ngettext
from catalogue.web.present import card as short
from catalogue.web.present.companies import companies
from catalogue.web.present.figures import Figure
from catalogue.web.present.findings import Repair, Report, remarks, repairs, reports
from catalogue.web.present.reader import (
    Reader,
    Row,
    Shown,
    capital,
    clean,
    day,
    listed,
    moment,
    not_stated,
    number,
    safe_link,
    sentence_list,
    stated_date,
)

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the sequencing table."""

    assay: Shown
    individuals: Shown
    records: Shown
    coverage: Shown
    genome: Shown
    tissue: Shown
    levels: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Stratum:
    """People who consented to the same conditions."""

    title: Shown
    individuals: Shown
    model: Shown
    period: Shown
    pills: tuple[short.Pill, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A titled list of rows, such as one distribution."""

    title: Shown
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the history."""

    when: Shown
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPage:
    """Everything on the page of one dataset."""

    card: short.Card
    lede: Shown
    plain: tuple[str, ...]
    figures: tuple[Figure, ...]
    who: tuple[Row, ...]
    groups: tuple[Group, ...]
    strata: tuple[Stratum, ...]
    linkages: tuple[tuple[Row, ...], ...]
    access: tuple[Row, ...]
    distributions: tuple[Part, ...]
    reports: tuple[Report, ...]
    provenance: tuple[Row, ...]
    repairs: tuple[Repair, ...]
    remarks: tuple[Repair, ...]
    history: tuple[Version, ...]


def dataset_page(
    reader: Reader,
    published: Published,
    versions: list[VersionSummary],
    read_from: tuple[Row, ...] = (),
) -> DatasetPage:
    """The page of a published dataset; `read_from` is what `origin_rows` made."""
    dataset = short.dataset_of(published)
    card = short.card(reader, published)
    return DatasetPage(
        card=card,
        lede=reader.text(dataset.description),
        plain=tuple(_plain_words(reader, dataset, card)),
        figures=_figures(reader, dataset),
        who=_who(reader, dataset),
        groups=_groups(reader, dataset),
        strata=tuple(
            _stratum(reader, stratum, group)
            for stratum, group in zip(dataset.consent, card.consent, strict=True)
        ),
        linkages=tuple(_linkage(reader, each) for each in dataset.linkages),
        access=_access(reader, dataset),
        distributions=tuple(_distributions(reader, dataset)),
        reports=reports(reader, published),
        provenance=(*read_from, *_provenance(reader, dataset, published.record)),
        repairs=repairs(reader, published.repairs),
        remarks=remarks(reader, published.repairs),
        history=tuple(_version(each) for each in versions),
    )


def _plain_words(reader: Reader, dataset: Dataset, card: short.Card) -> Iterable[str]:
    holder = card.holder.text
    yield f"{_about(reader, dataset)} {_kept_by(holder)}"
    yield _how_many(dataset.individuals)
    if assays := _joined(short.assays(reader, dataset)):
        yield gettext("How the DNA was read: %(assays)s.", assays=assays)
    yield from companies(card.consent)
    yield gettext(
        "Are you a participant, and do you want to object or know more? Ask %(holder)s. "
        "This catalogue keeps no data about you.",
        holder=holder,
    )


def _about(reader: Reader, dataset: Dataset) -> str:
    names = _joined(tuple(shown for _, shown in short.each_disease(reader, dataset)))
    if not names:
        return gettext("Which disease this collection is about, is not stated.")
    return gettext("This collection is about %(disease)s.", disease=names)


def _kept_by(holder: str) -> str:
    return gettext("%(holder)s keeps the data.", holder=holder)


def _how_many(count: Count | None) -> str:
    if count is None:
        return gettext("How many people are in it is not stated.")
    if count.value is None:
        return gettext("Fewer than %(limit)s people are in it.", limit=count.below)
    return ngettext(
        "It has data of %(people)s person.",
        "It has data of %(people)s people.",
        count.value,
        people=number(count.value),
    )


def _joined(values: tuple[Shown, ...]) -> str:
    return sentence_list([each.text for each in values if not each.mark])


def _figures(reader: Reader, dataset: Dataset) -> tuple[Figure, ...]:
    return (
        _figure(
            reader.count(dataset.individuals),
            gettext("individuals"),
            _rounded(dataset.individuals),
        ),
        _figure(short.sequencing(reader, dataset)[0], gettext("sequencing"), _more(dataset)),
        _consent_figure(dataset),
        _figure(short.answer_time(dataset), gettext("time to an answer"), ""),
    )


def _rounded(count: Count | None) -> str:
    stated = count is not None and count.value is not None
    return gettext("rounded, to protect people") if stated else ""


def _figure(shown: Shown, label: str, note: str) -> Figure:
    return Figure(value=shown.text, mark=shown.mark, label=label, note=note)


def _more(dataset: Dataset) -> str:
    others = len({*dataset.assays, *(each.assay for each in dataset.assay_groups)} - {None}) - 1
    if others < 1:
        return ""
    return ngettext("and %(num)d other type", "and %(num)d other types", others)


def _consent_figure(dataset: Dataset) -> Figure:
    groups = len(dataset.consent)
    if not groups:
        return _figure(not_stated(), gettext("consent"), "")
    label = ngettext("consent group", "consent groups", groups)
    return Figure(value=str(groups), label=label)


def _who(reader: Reader, dataset: Dataset) -> tuple[Row, ...]:
    return (
        Row(gettext("Individuals"), (reader.count(dataset.individuals),)),
        Row(gettext("Records"), (reader.count(dataset.records),)),
        Row(gettext("Disease"), _diseases(reader, dataset)),
        Row(gettext("Age"), (_ages(dataset),)),
        Row(gettext("Population"), (reader.text(dataset.population),)),
        Row(gettext("Region"), reader.concepts("eu", dataset.spatial)),
        Row(gettext("Years"), (short.facts(reader, dataset)[3].values[0],)),
        Row(gettext("Keywords"), _keywords(reader, dataset)),
        Row(gettext("1+MG status"), _one_mg(reader, dataset)),
    )


def _diseases(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    """Every disease once, with its code and what it lies below."""
    return listed(_disease(reader, *each) for each in short.each_disease(reader, dataset))


def _disease(reader: Reader, code: str, shown: Shown) -> Shown:
    concept = reader.scheme("disease").resolve(code)
    if concept is None:
        return shown
    names = ", ".join(_names_above(reader, concept.iri))
    note = gettext("below %(names)s", names=names) if names else ""
    codes = concept.codes()[:1] or (shown.code,)
    return replace(shown, href="", code=codes[0], note=note)


def _names_above(reader: Reader, iri: str) -> Iterable[str]:
    scheme = reader.scheme("disease")
    above = (scheme.get(each) for each in scheme.ancestors(iri))
    return (concept.label(reader.language) for concept in above if concept)


def _ages(dataset: Dataset) -> Shown:
    low, high = dataset.min_age, dataset.max_age
    if low is None and high is None:
        return not_stated()
    if low is None or high is None:
        known = low if low is not None else high
        word = gettext("from %(age)s years") if high is None else gettext("up to %(age)s years")
        return Shown(word % {"age": known})
    return Shown(gettext("%(low)s to %(high)s years", low=low, high=high))


def _keywords(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    words = [each for each in dataset.keywords if each.primary in (reader.language, "")]
    shown = (Shown(clean(each.value), lang=reader.foreign(each.language)) for each in words)
    others = (Shown(clean(e.value), lang=reader.foreign(e.language)) for e in dataset.keywords)
    return tuple(shown) or tuple(others) or (not_stated(),)


def _one_mg(reader: Reader, dataset: Dataset) -> tuple[Shown, ...]:
    known = (reader.scheme("one-mg").resolve(each) for each in dataset.conforms_to)
    return listed(reader.label(each) for each in known if each)


def _groups(reader: Reader, dataset: Dataset) -> tuple[Group, ...]:
    groups = dataset.assay_groups or tuple(AssayGroup(assay=each) for each in dataset.assays)
    return tuple(_group(reader, each) for each in groups)


def _group(reader: Reader, group: AssayGroup) -> Group:
    depth = not_stated() if group.coverage is None else Shown(f"{number(group.coverage)}×")
    return Group(
        assay=capital(reader.concept("assay", group.assay)),
        individuals=reader.count(group.individuals),
        records=reader.count(group.records),
        coverage=depth,
        genome=capital(reader.concept("reference-genome", group.reference_genome)),
        tissue=capital(reader.concept("tissue", group.tissue)),
        levels=reader.concepts("data-level", group.data_levels),
    )


def _stratum(reader: Reader, stratum: ConsentStratum, group: short.ConsentGroup) -> Stratum:
    return Stratum(
        title=group.name,
        individuals=group.individuals,
        model=capital(reader.concept("consent-model", stratum.model)),
        period=_period(stratum.period),
        pills=group.pills,
    )


def _period(period: Period | None) -> Shown:
    if period is None or not (period.start or period.end):
        return not_stated()
    start, end = stated_date(period.start), stated_date(period.end)
    if not period.end:
        return Shown(gettext("from %(start)s", start=start))
    if not period.start:
        return Shown(gettext("until %(end)s", end=end))
    return Shown(gettext("%(start)s to %(end)s", start=start, end=end))


def _linkage(reader: Reader, linkage: Linkage) -> tuple[Row, ...]:
    share = linkage.completeness
    percent = not_stated() if share is None else Shown(f"{number(share)} %")
    return (
        Row(gettext("To what"), listed([reader.concept("linkage-target", linkage.target)])),
        Row(gettext("Status"), listed([reader.concept("linkage-status", linkage.status)])),
        Row(gettext("How"), listed([reader.concept("linkage-method", linkage.method)])),
        Row(gettext("By whom"), listed([reader.concept("linker", linkage.linked_by)])),
        Row(
            gettext("Where analysed"),
            listed([reader.concept("analysis-place", linkage.analysed_in)]),
        ),
        Row(gettext("Share linkable"), (percent,)),
        Row(gettext("Last checked by the holder"), (day(linkage.checked),)),
    )


def _access(reader: Reader, dataset: Dataset) -> tuple[Row, ...]:
    return (
        Row(
            gettext("How open"),
            listed([reader.concept("accessibility", dataset.accessibility)]),
        ),
        Row(
            gettext("European access right"), listed([reader.concept("eu", dataset.access_rights)])
        ),
        Row(gettext("Routes"), reader.concepts("access-route", dataset.access_routes)),
        Row(gettext("Time to an answer"), (short.answer_time(dataset),)),
        Row(gettext("Health data access body"), (_agent(reader, dataset.hdab),)),
        Row(gettext("Custodian"), (_agent(reader, dataset.custodian),)),
        Row(gettext("Contact"), _contacts(reader, dataset.contacts)),
        Row(gettext("Web page"), (_link(dataset.landing_page),)),
    )


def _agent(reader: Reader, agent: Agent | None) -> Shown:
    if agent is None:
        return not_stated()
    name = reader.text(agent.name)
    if name.mark and agent.iri:
        return _link(agent.iri)
    return Shown(name.text, name.lang, name.mark, safe_link(agent.homepage))


def _contacts(reader: Reader, contacts: tuple[Contact, ...]) -> tuple[Shown, ...]:
    found = (shown for each in contacts for shown in _contact(reader, each))
    return tuple(found) or (not_stated(),)


def _contact(reader: Reader, contact: Contact) -> Iterable[Shown]:
    if contact.name:
        yield reader.text(contact.name)
    if contact.email:
        address = contact.email.partition("?")[0]
        plain = not set(address) & set(" <>\"':&\r\n\t") and address.count("@") == 1
        yield Shown(clean(address), href=f"mailto:{address}" if plain else "")
    if contact.page:
        yield _link(contact.page)


def _link(iri: str | None) -> Shown:
    return Shown(clean(iri), href=safe_link(iri)) if iri else not_stated()


def _distributions(reader: Reader, dataset: Dataset) -> Iterable[Part]:
    for place, each in enumerate(dataset.distributions, start=1):
        title = reader.text(each.title)
        name = Shown(gettext("Form %(number)s", number=place)) if title.mark else title
        rows = (
            Row(gettext("Format"), (_format(reader, each),)),
            Row(gettext("Size"), (_size(each.byte_size),)),
            Row(gettext("Licence"), (_link(each.license),)),
            Row(gettext("Rights"), (_link(each.rights),)),
            Row(gettext("Access page"), (_link(each.access_url),)),
            Row(gettext("Download"), (_link(each.download_url),)),
        )
        yield Part(name, rows)


def _format(reader: Reader, distribution: Distribution) -> Shown:
    stated = distribution.format or distribution.media_type
    if stated and stated.startswith(MEDIA_TYPES):
        return Shown(clean(stated.removeprefix(MEDIA_TYPES)), href=safe_link(stated))
    return reader.concept("eu", stated)


def _size(size: int | None) -> Shown:
    if size is None:
        return not_stated()
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return Shown(f"{number(round(value, 1))} {unit}")


def origin_rows(
    language: str, source: SourceStatus | None, run: RunSummary | None
) -> tuple[Row, ...]:
    """The source that a description was read from, and in which run; what is unknown is left out.

    What was written here was read in no run.
    """
    if source is None:
        return ()
    here = f"/{language}/sources/{source.slug}"
    name = Shown(clean(source.title), href=here)
    if source.protocol == SUBMITTED:
        return (Row(gettext("Written here by"), (name,)),)
    rows = (Row(gettext("Read from"), (name,)),)
    if run is None or run.source != source.slug:
        return rows
    shown = replace(moment(run.started), href=f"{here}/runs/{run.id}")
    return (*rows, Row(gettext("In run"), (shown,)))


def _provenance(reader: Reader, dataset: Dataset, record: Record) -> tuple[Row, ...]:
    identifiers = (*dataset.identifiers, *dataset.other_identifiers)
    return (
        Row(gettext("Publisher"), (_agent(reader, dataset.publisher),)),
        Row(gettext("Address at the source"), (_link(record.source_iri),)),
        Row(gettext("Last checked"), (moment(record.last_seen),)),
        Row(gettext("First seen"), (moment(record.first_seen),)),
        Row(gettext("Description last changed here"), (moment(record.changed),)),
        Row(gettext("Data issued by the holder"), (_date(dataset.issued),)),
        Row(gettext("Data changed by the holder"), (_date(dataset.modified),)),
        Row(gettext("Version"), (_said(dataset.version),)),
        Row(gettext("Origin"), (reader.text(dataset.provenance),)),
        Row(gettext("Identifiers"), tuple(_link(e) for e in identifiers) or (not_stated(),)),
    )


def _date(text: str | None) -> Shown:
    return Shown(stated_date(text)) if text else not_stated()


def _said(text: str | None) -> Shown:
    return Shown(clean(text)) if text else not_stated()


def _version(summary: VersionSummary) -> Version:
    actions = {
        "published": gettext("Published"),
        "held": gettext("Held back"),
        "gone": gettext("Withdrawn"),
    }
    what = actions.get(summary.action, summary.action)
    return Version(
        day(summary.created),
        gettext("Version %(number)s: %(action)s", number=summary.number, action=what),
    )
