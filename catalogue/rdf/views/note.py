"""What a view could not say, or had to say differently, so that a reader is not misled.

A view adds nothing that nobody stated. Where a profile asks for more than the facts give,
or has no place for one of them, a note says so; the lossless graph ("full") has everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.rdf.repair import short


@dataclass(frozen=True, slots=True, order=True)
class ViewNote:
    """One remark: which, at which property of which subject, and about which value.

    `value` is the value as text; empty when the remark is that there is none.
    """

    name: str
    subject: str
    predicate: str
    value: str = ""

    def sentence(self, language: str) -> str:
        """The remark in words, in Dutch ("nl") or else in English."""
        english, dutch = SENTENCES[self.name]
        template = dutch if language.startswith("nl") else english
        return template.format(property=short(self.predicate), value=short(self.value))

    @property
    def unmet(self) -> bool:
        """Whether the view still does not meet its profile here; only a source can mend it."""
        return self.name in UNMET


SENTENCES: dict[str, tuple[str, str]] = {
    "not-stated": (
        "This profile asks for {property}; nobody stated it, so it is not given.",
        "Dit profiel vraagt om {property}; niemand heeft dit opgegeven, dus het staat er niet.",
    ),
    "day-not-stated": (
        "{property} is {value}: this profile wants a day and a time, and no day was stated.",
        "{property} is {value}: dit profiel wil een dag en tijd, en er is geen dag opgegeven.",
    ),
    "zone-not-stated": (
        "{property} is {value}: this profile wants a time zone, and none was stated.",
        "{property} is {value}: dit profiel wil een tijdzone, en die is niet opgegeven.",
    ),
    "no-date": (
        "{property} is “{value}”, which is no date as RDF writes it.",
        "{property} is “{value}”; dat is geen datum zoals RDF die schrijft.",
    ),
    "day-as-moment": (
        "{property} was the day {value}; this profile wants a time, so midnight UTC stands for it.",
        "{property} was de dag {value}; dit profiel wil een tijd, dus staat er middernacht UTC.",
    ),
    "not-on-list": (
        "{value} is left out: it is not on the list that this profile has for {property}.",
        "{value} is weggelaten: het staat niet op de lijst van dit profiel voor {property}.",
    ),
    "not-an-address": (
        "“{value}” is left out: here this profile wants an address (IRI) for {property}.",
        "“{value}” is weggelaten: dit profiel wil hier een adres (IRI) voor {property}.",
    ),
    "one-of-several": (
        "{value} is left out: this profile has room for one {property}.",
        "{value} is weggelaten: dit profiel heeft plaats voor één {property}.",
    ),
    "not-allowed": (
        "{value} is not one of the values that this profile allows for {property}.",
        "{value} is niet een van de waarden die dit profiel toestaat voor {property}.",
    ),
    "several-stated": (
        "This profile allows one {property}; several were stated, and choosing is for the holder.",
        "Dit profiel staat één {property} toe; er zijn er meer, en kiezen is aan de houder.",
    ),
    "moved-identifier": (
        "The identifier {value} stands among the other identifiers (adms:identifier) here.",
        "Het kenmerk {value} staat hier bij de andere kenmerken (adms:identifier).",
    ),
    "identifier-pattern": (
        "The identifier {value} is not written as GDI wants it, such as GDI-NL-UMC-0001.",
        "Het kenmerk {value} is niet geschreven zoals GDI wil, zoals GDI-NL-UMC-0001.",
    ),
    "category-undecided": (
        (
            "{value} covers genetic, epigenomic and genomic data; GDI wants to know which of these,"
            " and no assay that decides it was stated."
        ),
        (
            "{value} omvat genetische, epigenomische en genomische data; GDI wil weten welke, en er"
            " is geen bepaling opgegeven die dat beslist."
        ),
    ),
    "address-as-identifier": (
        "No identifier was stated; the address of the description, {value}, serves as one.",
        "Er is geen kenmerk opgegeven; het adres van de beschrijving, {value}, dient als kenmerk.",
    ),
}
"""The sentence of every remark, English and Dutch."""

UNMET = frozenset(
    {
        "not-stated",
        "day-not-stated",
        "zone-not-stated",
        "no-date",
        "several-stated",
        "not-allowed",
        "identifier-pattern",
        "category-undecided",
    }
)
"""The remarks after which the view does not meet its profile; the others are about loss."""
