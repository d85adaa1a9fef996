"""What was changed in a description, so that a data steward can see it and mend the source.

A repair never adds a fact. It writes what the source said in the form that others can read,
or takes away what the source's software put there without anybody saying it. The graph as
received is always kept beside the repaired one.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.namespaces import PREFIXES


@dataclass(frozen=True, slots=True)
class Repair:
    """One change: which repair, at which property of which subject, from what to what.

    `before` and `after` are terms as text; an empty `after` means that it was taken away,
    and an `after` equal to `before` that something was seen and could not be repaired.
    """

    name: str
    subject: str
    predicate: str
    before: str
    after: str

    def sentence(self, language: str) -> str:
        """What happened, in words, in Dutch ("nl") or else in English."""
        english, dutch = SENTENCES[self.name]
        template = dutch if language.startswith("nl") else english
        return template.format(
            property=short(self.predicate), before=short(self.before), after=short(self.after)
        )


def short(text: str) -> str:
    """An IRI with its usual prefix, or the text cut to a readable length.

    >>> short("http://purl.org/dc/terms/issued")
    'dct:issued'
    """
    matching = [(len(ns), p, ns) for p, ns in PREFIXES.items() if text.startswith(ns)]
    if matching:
        _, prefix, namespace = max(matching)
        return f"{prefix}:{text.removeprefix(namespace)}"
    return text if len(text) <= 200 else text[:199] + "…"


SENTENCES: dict[str, tuple[str, str]] = {
    "blank-node-dataset": (
        "This description has no address (IRI) of its own; the catalogue made {after}.",
        "Deze beschrijving heeft geen eigen adres (IRI); de catalogus maakte {after}.",
    ),
    "namespace": (
        "The vocabulary was named {before}; its own address is {after}.",
        "De woordenlijst werd {before} genoemd; het eigen adres is {after}.",
    ),
    "fdp-access-rights": (
        (
            "“No access restriction” is what FAIR Data Point software says of everything, not what"
            " the holder said; it was taken away."
        ),
        (
            "“Geen toegangsbeperking” zegt de software van een FAIR Data Point overal bij; de"
            " houder zei het niet. Het is weggehaald."
        ),
    ),
    "fdp-profile": (
        (
            "{before} is the form in which the FAIR Data Point keeps the record, not a standard"
            " that the data follow; it was taken away."
        ),
        (
            "{before} is het formulier waarmee het FAIR Data Point de beschrijving bewaart, geen"
            " standaard die de data volgen; het is weggehaald."
        ),
    ),
    "fdp-metrics": (
        "A fixed measurement that FAIR Data Point software adds to everything was taken away.",
        "Een vaste meting die de software van een FAIR Data Point overal bij zet is weggehaald.",
    ),
    "empty-node": (
        "{property} led to something of which nothing is said; it was taken away.",
        "{property} leidde naar iets waarover niets is gezegd; het is weggehaald.",
    ),
    "period-property": (
        "The period used {before}; DCAT calls this {after}.",
        "De periode gebruikte {before}; in DCAT heet dit {after}.",
    ),
    "html-entities": (
        "{property} had HTML codes in its text: “{before}” became “{after}”.",
        "In de tekst van {property} stonden HTML-codes: “{before}” werd “{after}”.",
    ),
    "empty-text": (
        "{property} was an empty text; it was taken away.",
        "{property} was een lege tekst; die is weggehaald.",
    ),
    "spaces": (
        "{property} had spaces or line ends that do not belong there: now “{after}”.",
        "In {property} stonden spaties of regeleinden die er niet horen: nu “{after}”.",
    ),
    "language-tag": (
        "The language of {property} was not given in the usual way: {before} became {after}.",
        "De taal van {property} was niet op de gewone manier opgegeven: {before} werd {after}.",
    ),
    "template": (
        "{property} holds a template that was not filled in: {before}.",
        "{property} bevat een sjabloon dat niet is ingevuld: {before}.",
    ),
    "date-placeholder": (
        "{property} held “{before}”, which is no date; it was taken away.",
        "{property} bevatte “{before}”, wat geen datum is; het is weggehaald.",
    ),
    "typed-date": (
        "{property} was written as “{before}”; read as {after}.",
        "{property} stond er als “{before}”; gelezen als {after}.",
    ),
    "unclear-date": (
        (
            "{property} is “{before}”, which is not a date or can be read in two ways; write it as"
            " year-month-day."
        ),
        (
            "{property} is “{before}”; dat is geen datum of kan op twee manieren worden gelezen."
            " Schrijf jaar-maand-dag."
        ),
    ),
    "count": (
        "{property} was written as “{before}”; read as the number {after}.",
        "{property} stond er als “{before}”; gelezen als het getal {after}.",
    ),
    "code": (
        "{property} was written as “{before}”; this is {after}.",
        "{property} stond er als “{before}”; dit is {after}.",
    ),
    "media-type": (
        "{property} was written as “{before}”; this is {after}.",
        "{property} stond er als “{before}”; dit is {after}.",
    ),
    "literal-address": (
        "{property} gave an address as text: {after}.",
        "{property} gaf een adres als tekst: {after}.",
    ),
    "language": (
        "The language {before} is {after} in the list of the European Union.",
        "De taal {before} is {after} in de lijst van de Europese Unie.",
    ),
    "email": (
        "The e-mail address “{before}” became {after}.",
        "Het e-mailadres “{before}” werd {after}.",
    ),
    "contact": (
        "The contact point was only “{before}”; it became a contact with that e-mail address.",
        "Het contactpunt was alleen “{before}”; het werd een contact met dat e-mailadres.",
    ),
    "agent": (
        (
            "{property} was only the name “{before}”; it became an organisation or person with"
            " that name."
        ),
        (
            "{property} was alleen de naam “{before}”; het werd een organisatie of persoon met die"
            " naam."
        ),
    ),
    "identifier": (
        "The identifier {before} was written as a link; it is a text.",
        "Het kenmerk {before} was als link geschreven; het is een tekst.",
    ),
    "health-authority-address": (
        "{property}: the value {before} is known as {after}.",
        "{property}: de waarde {before} staat bekend als {after}.",
    ),
    "eu-authority-address": (
        "{property}: the value {before} is known as {after}.",
        "{property}: de waarde {before} staat bekend als {after}.",
    ),
    "legislation-address": (
        "{property}: the law at {before} is known as {after}.",
        "{property}: de wet op {before} staat bekend als {after}.",
    ),
    "duo-address": (
        "{property}: the DUO term {before} is known as {after}.",
        "{property}: de DUO-term {before} staat bekend als {after}.",
    ),
    "snomed-address": (
        "{property}: the SNOMED code {before} is known as {after}.",
        "{property}: de SNOMED-code {before} staat bekend als {after}.",
    ),
    "wikidata-address": (
        "{property}: the Wikidata item {before} is known as {after}.",
        "{property}: het Wikidata-item {before} staat bekend als {after}.",
    ),
    "orphanet-address": (
        "{property}: the rare disease {before} is known as {after}.",
        "{property}: de zeldzame ziekte {before} staat bekend als {after}.",
    ),
    "foaf-organisation": (
        "FOAF spells its class foaf:Organization; it was written foaf:Organisation.",
        "FOAF spelt deze klasse als foaf:Organization; er stond foaf:Organisation.",
    ),
    "distribution-licence": (
        "The licence of the dataset, {after}, also holds for a distribution without one.",
        "De licentie van de dataset, {after}, geldt ook voor een distributie zonder licentie.",
    ),
    "about-ours": (
        (
            "What was said of {before} ({property}) was left out: that belongs to this catalogue"
            " or to another description in it."
        ),
        (
            "Wat er over {before} stond ({property}) is weggelaten: dat hoort bij deze catalogus"
            " of bij een andere beschrijving daarin."
        ),
    ),
    "link-to-ours": (
        "{property} led to {before}, which does not belong to this description; it was left out.",
        "{property} leidde naar {before}, dat niet bij deze beschrijving hoort; het is weggelaten.",
    ),
    "about-others": (
        (
            "What was said of {before} ({property}) was left out: another organisation describes"
            " that here."
        ),
        (
            "Wat er over {before} stond ({property}) is weggelaten: een andere organisatie"
            " beschrijft dat hier."
        ),
    ),
    "agent-of-others": (
        (
            "{before} is described here by the organisation that publishes under that address;"
            " what was said of it otherwise is kept without the address."
        ),
        (
            "{before} wordt hier beschreven door de organisatie die onder dat adres publiceert;"
            " wat er anders over stond, is bewaard zonder dat adres."
        ),
    ),
}
"""The sentence of every repair, English and Dutch. `normalise`, `split` and `confine` name them."""

OF_OTHERS = frozenset({"about-ours", "link-to-ours", "about-others", "agent-of-others"})
"""Repairs that depend on what else is in the catalogue; the checker of one text makes none."""
