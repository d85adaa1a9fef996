"""The second half of THE rule table: conditions that come with a permission.

A row has a question, the function that finds its answer, and for every answer an outcome (or
the name of a choice in `policy`) with the sentence in both languages. A new rule is a row, and
where needed one small function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from catalogue.consent.codes import Clause
from catalogue.consent.outcome import Outcome, both
from catalogue.consent.purpose import Aim, Purpose
from catalogue.consent.region import inside, place
from catalogue.model.text import LangText
from catalogue.namespaces import DUO
from catalogue.terms.alias import canonical, vocabulary_of

P, C, U, N = Outcome.PERMITTED, Outcome.CONDITION, Outcome.UNDETERMINED, Outcome.PROHIBITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question may look at. `in_disease`: every disease studied is covered by a DS."""

    clause: Clause
    purpose: Purpose
    today: date
    in_disease: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the clause applies to."""
        return self.clause.parameters


Question = Callable[[Asked], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from one answer, and how we say it."""

    outcome: Outcome | str
    sentence: LangText


@dataclass(frozen=True, slots=True)
class Modifier:
    """One row of the table."""

    name: str
    question: LangText
    ask: Question
    answers: Mapping[str, Answer]


def yes_no(value: bool | None) -> str:
    """The name of an answer that is yes, no or not given."""
    return "unknown" if value is None else "yes" if value else "no"


def answered(attribute: str) -> Question:
    """A question that the purpose answers with yes or no."""
    return lambda asked: yes_no(getattr(asked.purpose, attribute))


def always(asked: Asked) -> str:  # noqa: ARG001 - a question gets what it may look at
    """A term that answers alike for every purpose."""
    return "always"


def organisation(asked: Asked) -> str:
    """NPU: about who uses the data; commercial use by a non-profit is left open by DUO."""
    answer = yes_no(asked.purpose.nonprofit)
    return "commercial" if answer == "yes" and asked.purpose.commercial else answer


def neither_profit(asked: Asked) -> str:
    """NPUNCU: both the organisation and the use; one failure is enough."""
    purpose = asked.purpose
    if purpose.nonprofit is False or purpose.commercial is True:
        return "no"
    return "unknown" if purpose.nonprofit is None or purpose.commercial is None else "yes"


def methods(asked: Asked) -> str:
    """NMDS: whether methods are developed, and whether for the disease consented to."""
    if Aim.METHODS not in asked.purpose.aims():
        return "no"
    return "in-disease" if asked.in_disease else "yes"


def ancestry(asked: Asked) -> str:
    """NPOA: whether ancestry is studied."""
    return yes_no(Aim.ANCESTRY in asked.purpose.aims())


def care(asked: Asked) -> str:
    """CC: whether care is what the data are for; a limit on it takes a person to judge."""
    answer = yes_no(Aim.CARE in asked.purpose.aims())
    return "limited" if answer == "yes" and asked.parameters else answer


def region(asked: Asked) -> str:
    """GS: any of the named regions will do; one that we do not know leaves it open."""
    regions = [place(each) for each in asked.parameters]
    if not regions:
        return "no-region"
    if asked.purpose.country is None:
        return "unknown"
    country = place(asked.purpose.country)
    if country is None:
        return "strange"
    if any(inside(country, each) for each in regions if each):
        return "inside"
    return "outside" if all(regions) else "strange"


def folded(text: str) -> str:
    """A name of an institution without what does not matter."""
    return " ".join(text.casefold().split())


def institution(asked: Asked) -> str:
    """IS: an address of an institution cannot be compared with a name."""
    given, allowed = asked.purpose.institution, asked.parameters
    if given is None or not allowed:
        return "unknown"
    if folded(given) in {folded(each) for each in allowed}:
        return "match"
    alike = all((":" in each) == (":" in given) for each in allowed)
    return "other" if alike else "strange"


PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", re.ASCII)


def day_range(text: str) -> tuple[date, date] | None:
    """The first and last day that a date may mean: `2030` is the whole year.

    >>> day_range("2030-02")
    (datetime.date(2030, 2, 1), datetime.date(2030, 2, 28))
    """
    found = PARTIAL_DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        following = date(first.year, first.month + 1, 1) if month and month < 12 else None
        end = following or date(first.year + 1, 1, 1)
    except ValueError:
        return None
    return first, end - timedelta(days=1)


def moratorium(asked: Asked) -> str:
    """MOR: with several dates, every one of them counts."""
    dates = [day_range(each) for each in asked.parameters]
    known = [each for each in dates if each]
    if not dates:
        return "no-date"
    if len(known) < len(dates):
        return "strange"
    if all(last <= asked.today for _, last in known):
        return "passed"
    planned = asked.purpose.publication_date
    early = planned is not None and any(planned < first for first, _ in known)
    return "early" if early else "later"


YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
"""A year and no number of months: nobody gives data for 168 years."""

DURATION = re.compile(
    r"P?(?:(\d{1,3})Y)?(?:(\d{1,4})\s?(?:m|months?|maand(?:en)?)?)?", re.ASCII | re.IGNORECASE
)


def months_of(text: str) -> int | None:
    """A number of months: `12`, `P12M` or `P1Y`."""
    found = DURATION.fullmatch(text.strip())
    years, months = found.groups() if found else (None, None)
    return None if years is None and months is None else int(years or 0) * 12 + int(months or 0)


def duration(asked: Asked) -> str:
    """TS: months of use; an end date is read too. The strictest of several counts."""
    answers = {one_duration(each, asked) for each in asked.parameters}
    order = ("longer", "ended", "strange", "within")
    return next((each for each in order if each in answers), "within")


def one_duration(text: str, asked: Asked) -> str:
    """One parameter of TS: a date or a year is an end, any other number is months."""
    ends = day_range(text) if "-" in text or YEAR.fullmatch(text.strip()) else None
    if ends:
        return "ended" if ends[1] < asked.today else "within"
    limit = months_of(text)
    if limit is None:
        return "strange"
    months = asked.purpose.months
    return "longer" if months is not None and months > limit else "within"


DUO_STUDIES = {
    DUO + "0000031": frozenset({Aim.METHODS}),
    DUO + "0000033": frozenset({Aim.ANCESTRY}),
    DUO + "0000036": frozenset({Aim.CONTROLS}),
    DUO + "0000037": frozenset({Aim.HEALTH, Aim.DISEASE}),
    DUO + "0000040": frozenset({Aim.DISEASE}),
}
"""DUO's own terms for kinds of research, and the aims that they are."""


def research_type(asked: Asked) -> str:
    """RS: only a kind of research with a code can be compared."""
    wanted = {canonical(each) for each in asked.parameters}
    if not wanted or any(vocabulary_of(each) is None for each in wanted):
        return "no-type"
    topics = {canonical(each) for each in asked.purpose.topics}
    if topics and topics <= wanted:
        return "match"
    aims = asked.purpose.aims()
    allowed = frozenset[Aim]().union(*(DUO_STUDIES.get(each, frozenset()) for each in wanted))
    if aims and aims <= allowed:
        return "match"
    return "strange" if topics else "unknown"


def duty(
    name: str, attribute: str, question: LangText, must: LangText, refused: LangText
) -> Modifier:
    """A row for something that the researcher must do: a duty, unless they will not."""
    due = Answer(C, must)
    answers = {"no": Answer(N, refused), "yes": due, "unknown": due}
    return Modifier(name, question, answered(attribute), answers)


def open_term(name: str, question: LangText, sentence: LangText, outcome: Outcome = U) -> Modifier:
    """A row that answers alike for every purpose."""
    return Modifier(name, question, always, {"always": Answer(outcome, sentence)})


NOT_NUMBERED = both("Wat betekent deze term?", "What does this term mean?")

MODIFIERS: tuple[Modifier, ...] = (
    Modifier(
        "NPU",
        both(
            "Is de organisatie zonder winstoogmerk?",
            "Is the organisation not for profit?",
        ),
        organisation,
        {
            "yes": Answer(
                P,
                both(
                    "De organisatie is zonder winstoogmerk, zoals gevraagd.",
                    "The organisation is not for profit, as required.",
                ),
            ),
            "commercial": Answer(
                "commercial_use_by_nonprofit",
                both(
                    "De organisatie is zonder winstoogmerk, maar het gebruik is commercieel; DUO "
                    "zegt niet of dat mag.",
                    "The organisation is not for profit, but the use is commercial; DUO does not "
                    "say whether that is allowed.",
                ),
            ),
            "no": Answer(
                N,
                both(
                    "Alleen organisaties zonder winstoogmerk mogen de gegevens gebruiken.",
                    "Only not-for-profit organisations may use the data.",
                ),
            ),
            "unknown": Answer(
                C,
                both(
                    "U moet een organisatie zonder winstoogmerk zijn.",
                    "You must be a not-for-profit organisation.",
                ),
            ),
        },
    ),
    Modifier(
        "NCU",
        both("Is het gebruik commercieel?", "Is the use commercial?"),
        answered("commercial"),
        {
            "yes": Answer(
                N,
                both("Commercieel gebruik is niet toegestaan.", "Commercial use is not allowed."),
            ),
            "no": Answer(
                P,
                both(
                    "Het gebruik is niet commercieel, zoals gevraagd.",
                    "The use is not commercial, as required.",
                ),
            ),
            "unknown": Answer(
                C,
                both("Het gebruik mag niet commercieel zijn.", "The use may not be commercial."),
            ),
        },
    ),
    Modifier(
        "NPUNCU",
        both(
            "Zijn organisatie én gebruik zonder winstoogmerk?",
            "Are both the organisation and the use not for profit?",
        ),
        neither_profit,
        {
            "yes": Answer(
                P,
                both(
                    "Organisatie en gebruik zijn zonder winstoogmerk, zoals gevraagd.",
                    "The organisation and the use are not for profit, as required.",
                ),
            ),
            "no": Answer(
                N,
                both(
                    "Alleen organisaties zonder winstoogmerk, en alleen voor niet-commercieel "
                    "gebruik.",
                    "Only not-for-profit organisations, and only for non-commercial use.",
                ),
            ),
            "unknown": Answer(
                C,
                both(
                    "U moet een organisatie zonder winstoogmerk zijn, en het gebruik mag niet "
                    "commercieel zijn.",
                    "You must be a not-for-profit organisation, and the use may not be commercial.",
                ),
            ),
        },
    ),
    Modifier(
        "GSO",
        both("Is het genetisch onderzoek?", "Is it a genetic study?"),
        answered("genetic"),
        {
            "yes": Answer(
                P,
                both(
                    "Het is genetisch onderzoek, zoals gevraagd.",
                    "It is a genetic study, as required.",
                ),
            ),
            "no": Answer(
                N,
                both(
                    "Onderzoek zonder genetische gegevens is niet toegestaan.",
                    "Research without genetic data is not allowed.",
                ),
            ),
            "unknown": Answer(
                C, both("Het moet genetisch onderzoek zijn.", "It must be a genetic study.")
            ),
        },
    ),
    Modifier(
        "NMDS",
        both("Worden er methoden ontwikkeld?", "Are methods developed?"),
        methods,
        {
            "no": Answer(
                P,
                both(
                    "Er worden geen methoden ontwikkeld, zoals gevraagd.",
                    "No methods are developed, as required.",
                ),
            ),
            "yes": Answer(
                N,
                both(
                    "Methoden of software ontwikkelen is niet toegestaan.",
                    "Developing methods or software is not allowed.",
                ),
            ),
            "in-disease": Answer(
                "methods_excluded_in_disease",
                both(
                    "Methodenonderzoek is uitgesloten, maar dit gaat over de ziekte waarvoor "
                    "toestemming is; de uitgaven van DUO verschillen daarover.",
                    "Methods research is excluded, but this is for the disease consented to; the "
                    "releases of DUO differ on that.",
                ),
            ),
        },
    ),
    Modifier(
        "NPOA",
        both("Gaat het over herkomst of afstamming?", "Is it about origins or ancestry?"),
        ancestry,
        {
            "no": Answer(
                P,
                both(
                    "Het gaat niet over herkomst of afstamming, zoals gevraagd.",
                    "It is not about origins or ancestry, as required.",
                ),
            ),
            "yes": Answer(
                N,
                both(
                    "Onderzoek naar herkomst of afstamming is verboden.",
                    "Research on origins or ancestry is prohibited.",
                ),
            ),
        },
    ),
    Modifier(
        "GS",
        both("In welk land wordt het onderzoek gedaan?", "In which country is the research done?"),
        region,
        {
            "inside": Answer(
                P, both("{given} ligt in {parameter}.", "{given} lies in {parameter}.")
            ),
            "outside": Answer(
                N,
                both("{given} ligt niet in {parameter}.", "{given} does not lie in {parameter}."),
            ),
            "unknown": Answer(
                C,
                both(
                    "Het onderzoek moet in {parameter} gebeuren.",
                    "The research must be done in {parameter}.",
                ),
            ),
            "no-region": Answer(
                U,
                both(
                    "Er geldt een gebied, maar de houder noemt het niet.",
                    "A region applies, but the holder does not name it.",
                ),
            ),
            "strange": Answer(
                U,
                both(
                    "Of {given} in {parameter} ligt, kunnen wij niet bepalen.",
                    "We cannot tell whether {given} lies in {parameter}.",
                ),
            ),
        },
    ),
    Modifier(
        "IS",
        both("Bij welke instelling?", "At which institution?"),
        institution,
        {
            "match": Answer(
                P,
                both(
                    "{given} is een goedgekeurde instelling.", "{given} is an approved institution."
                ),
            ),
            "other": Answer(
                N,
                both(
                    "Alleen {parameter} mag de gegevens gebruiken, niet {given}.",
                    "Only {parameter} may use the data, not {given}.",
                ),
            ),
            "unknown": Answer(
                C,
                both(
                    "U moet bij een goedgekeurde instelling werken: {parameter}.",
                    "You must work at an approved institution: {parameter}.",
                ),
            ),
            "strange": Answer(
                U,
                both(
                    "Of {given} hetzelfde is als {parameter}, kunnen wij niet bepalen.",
                    "We cannot tell whether {given} is the same as {parameter}.",
                ),
            ),
        },
    ),
    Modifier(
        "TS",
        both("Hoeveel maanden zijn de gegevens nodig?", "For how many months are the data needed?"),
        duration,
        {
            "longer": Answer(
                N,
                both(
                    "Het gebruik is in tijd beperkt (maanden: {parameter}); gevraagd: {given}.",
                    "Use is limited in time (months: {parameter}); asked for: {given}.",
                ),
            ),
            "ended": Answer(
                N,
                both(
                    "De gebruikstijd liep af op {parameter}.",
                    "The time of use ended on {parameter}.",
                ),
            ),
            "within": Answer(
                C,
                both(
                    "Gebruik is beperkt in tijd (maanden of einddatum): {parameter}.",
                    "Use is limited in time (months or end date): {parameter}.",
                ),
            ),
            "strange": Answer(
                U,
                both(
                    "Er geldt een tijdslimiet die wij niet kunnen lezen: {parameter}.",
                    "There is a time limit that we cannot read: {parameter}.",
                ),
            ),
        },
    ),
    Modifier(
        "MOR",
        both("Wanneer wordt gepubliceerd?", "When will results be published?"),
        moratorium,
        {
            "passed": Answer(
                P,
                both(
                    "Het publicatie-embargo tot {parameter} is voorbij.",
                    "The publication moratorium until {parameter} has passed.",
                ),
            ),
            "early": Answer(
                N,
                both(
                    "Publiceren mag niet vóór {parameter}; gepland is {given}.",
                    "No publication before {parameter}; {given} is planned.",
                ),
            ),
            "later": Answer(
                C, both("Publiceer niet vóór {parameter}.", "Do not publish before {parameter}.")
            ),
            "no-date": Answer(
                C,
                both(
                    "Publiceer niet vóór een datum die de houder niet noemt; vraag ernaar.",
                    "Do not publish before a date that the holder does not name; ask for it.",
                ),
            ),
            "strange": Answer(
                U,
                both(
                    "Er geldt een publicatie-embargo tot een datum die wij niet kunnen lezen: "
                    "{parameter}.",
                    "There is a publication moratorium until a date that we cannot read: "
                    "{parameter}.",
                ),
            ),
        },
    ),
    duty(
        "PUB",
        "publishes",
        both("Worden de resultaten gepubliceerd?", "Will results be published?"),
        both("U moet de resultaten publiceren.", "You must publish the results."),
        both(
            "Publiceren is verplicht, en dit onderzoek zal niet publiceren.",
            "Publication is required, and this study will not publish.",
        ),
    ),
    duty(
        "COL",
        "collaborates",
        both("Wilt u samenwerken met de houder?", "Will you collaborate with the holder?"),
        both(
            "U moet samenwerken met de onderzoekers van de bron: {parameter}.",
            "You must collaborate with the primary investigators: {parameter}.",
        ),
        both(
            "Samenwerken is verplicht, en dit onderzoek werkt niet samen.",
            "Collaboration is required, and this study will not collaborate.",
        ),
    ),
    duty(
        "RTN",
        "returns",
        both("Levert u resultaten terug?", "Will you return results?"),
        both(
            "U moet verrijkte gegevens aan de bron terugleveren.",
            "You must return derived data to the resource.",
        ),
        both(
            "Terugleveren is verplicht, en dit onderzoek levert niet terug.",
            "Returning data is required, and this study will not return them.",
        ),
    ),
    duty(
        "IRB",
        "ethics",
        both("Is er ethische goedkeuring?", "Is there ethics approval?"),
        both(
            "U moet ethische goedkeuring overleggen.",
            "You must show approval by an ethics committee.",
        ),
        both(
            "Ethische goedkeuring is verplicht, en die wordt niet overgelegd.",
            "Ethics approval is required, and it will not be shown.",
        ),
    ),
    open_term(
        "PS",
        both("Is het project goedgekeurd?", "Is the project approved?"),
        both(
            "Alleen een goedgekeurd project mag de gegevens gebruiken: {parameter}.",
            "Only an approved project may use the data: {parameter}.",
        ),
        C,
    ),
    open_term(
        "US",
        both("Is de gebruiker goedgekeurd?", "Is the user approved?"),
        both(
            "Alleen goedgekeurde personen mogen de gegevens gebruiken: {parameter}.",
            "Only approved users may use the data: {parameter}.",
        ),
        C,
    ),
    Modifier(
        "RS",
        both("Wat voor soort onderzoek is het?", "What kind of research is it?"),
        research_type,
        {
            "no-type": Answer(
                U,
                both(
                    "Alleen een bepaald soort onderzoek mag, zonder code die wij kunnen "
                    "vergelijken: {parameter}.",
                    "Only a certain kind of research is allowed, without a code that we can "
                    "compare: {parameter}.",
                ),
            ),
            "match": Answer(
                P,
                both(
                    "Het onderzoek is van het gevraagde soort: {parameter}.",
                    "The research is of the required kind: {parameter}.",
                ),
            ),
            "unknown": Answer(
                C,
                both(
                    "Het onderzoek moet van dit soort zijn: {parameter}.",
                    "The research must be of this kind: {parameter}.",
                ),
            ),
            "strange": Answer(
                U,
                both(
                    "Of het onderzoek van het soort {parameter} is, moet een mens beoordelen.",
                    "Whether the research is of the kind {parameter} takes a person to judge.",
                ),
            ),
        },
    ),
    Modifier(
        "CC",
        both("Is het voor zorg?", "Is it for clinical care?"),
        care,
        {
            "yes": Answer(
                P,
                both("Gebruik in de zorg is toegestaan.", "Use in clinical care is allowed."),
            ),
            "limited": Answer(
                U,
                both(
                    "Gebruik in de zorg is toegestaan, maar alleen voor: {parameter}.",
                    "Use in clinical care is allowed, but only for: {parameter}.",
                ),
            ),
            "no": Answer(
                Outcome.NOTE,
                both(
                    "Gebruik in de zorg is ook toegestaan; hier is het niet nodig.",
                    "Use in clinical care is allowed as well; it is not needed here.",
                ),
            ),
        },
    ),
    Modifier(
        "NO-LINKAGE",
        both("Worden gegevens op persoonsniveau gekoppeld?", "Are data linked by person?"),
        answered("linkage"),
        {
            "yes": Answer(
                N,
                both(
                    "Koppelen op persoonsniveau is verboden.",
                    "Linkage at the level of individuals is prohibited.",
                ),
            ),
            "no": Answer(
                P,
                both("Er wordt niet gekoppeld, zoals gevraagd.", "Nothing is linked, as required."),
            ),
            "unknown": Answer(
                C,
                both(
                    "U mag de gegevens niet op persoonsniveau koppelen.",
                    "You may not link the data at the level of individuals.",
                ),
            ),
        },
    ),
    Modifier(
        "NO-RECONTACT",
        both("Worden deelnemers opnieuw benaderd?", "Are participants contacted again?"),
        answered("recontact"),
        {
            "yes": Answer(
                N,
                both(
                    "Deelnemers opnieuw benaderen is verboden.",
                    "Contacting participants again is prohibited.",
                ),
            ),
            "no": Answer(
                P,
                both(
                    "Deelnemers worden niet opnieuw benaderd, zoals gevraagd.",
                    "Participants are not contacted again, as required.",
                ),
            ),
            "unknown": Answer(
                C,
                both(
                    "U mag deelnemers niet opnieuw benaderen.",
                    "You may not contact participants again.",
                ),
            ),
        },
    ),
    open_term(
        "LINKAGE",
        both("Worden gegevens op persoonsniveau gekoppeld?", "Are data linked by person?"),
        both(
            "Koppelen op persoonsniveau is toegestaan.",
            "Linkage at the level of individuals is allowed.",
        ),
        Outcome.NOTE,
    ),
    open_term(
        "RECONTACT",
        both("Worden deelnemers opnieuw benaderd?", "Are participants contacted again?"),
        both(
            "Deelnemers mogen via de houder opnieuw benaderd worden.",
            "Participants may be contacted again through the holder.",
        ),
        Outcome.NOTE,
    ),
    open_term(
        "FG:0000743",
        both("Is de rechtsbescherming gelijkwaardig?", "Is legal data protection equivalent?"),
        both(
            "Gelijkwaardige wettelijke bescherming van gegevens is vereist: {parameter}.",
            "Equivalent legal data protection is required: {parameter}.",
        ),
        C,
    ),
    open_term(
        "NCIT:C15424",
        NOT_NUMBERED,
        both(
            "Deze code betekende in FAIR Genomes eerst dat koppelen mag en later dat het verboden "
            "is; vraag de houder wat bedoeld is.",
            "In FAIR Genomes this code first meant that linkage is allowed and later that it is "
            "prohibited; ask the holder which is meant.",
        ),
    ),
    *(
        open_term(
            f"FG:000074{number}",
            both("Zijn er nevenbevindingen?", "May there be incidental findings?"),
            both(
                "Dit gaat over nevenbevindingen, waar onze regels niet over oordelen.",
                "This is about incidental findings, on which our rules do not judge.",
            ),
        )
        for number in range(3)
    ),
    *(
        open_term(
            name,
            NOT_NUMBERED,
            both(
                "Deze term is een groep van termen en zegt zelf niet wat mag.",
                "This term is a group of terms and does not itself say what is allowed.",
            ),
        )
        for name in ("PERMISSION", "MODIFIER")
    ),
    *(
        open_term(
            f"DUO:{number}",
            NOT_NUMBERED,
            both(
                "Deze term van DUO is vervallen, zonder een opvolger die hetzelfde zegt.",
                "This term of DUO is obsolete, without a successor that says the same.",
            ),
        )
        for number in ("0000002", "0000003", "0000014")
    ),
    *(
        open_term(
            f"DUO:00000{number}",
            NOT_NUMBERED,
            both(
                "Deze term beschrijft een soort onderzoek en is geen toestemming.",
                "This term describes a kind of research and is not a permission.",
            ),
        )
        for number in range(31, 41)
    ),
    open_term(
        "NOT-STATED",
        NOT_NUMBERED,
        both(
            "De houder vermeldt geen gebruiksvoorwaarden.",
            "The holder states no conditions of use.",
        ),
        Outcome.NOTE,
    ),
)

BY_NAME = {each.name: each for each in MODIFIERS}

UNKNOWN = open_term(
    "*",
    NOT_NUMBERED,
    both(
        "Deze code kennen wij niet; wat hij beperkt, moet een mens beoordelen.",
        "We do not know this code; what it restricts takes a person to judge.",
    ),
)
"""The row for every other code."""

NOT_MENTIONED: dict[str, tuple[str, frozenset[str], LangText]] = {
    "linkage": (
        "linkage_not_mentioned",
        frozenset({"LINKAGE", "NO-LINKAGE", "NCIT:C15424"}),
        both(
            "De toestemming zegt niets over koppelen; vraag de houder of het mag.",
            "The consent does not mention linkage; ask the holder whether it is allowed.",
        ),
    ),
    "recontact": (
        "recontact_not_mentioned",
        frozenset({"RECONTACT", "NO-RECONTACT"}),
        both(
            "De toestemming zegt niets over opnieuw benaderen; vraag de houder of het mag.",
            "The consent does not mention recontact; ask the holder whether it is allowed.",
        ),
    ),
}
"""What a purpose may want that no clause mentions: attribute, choice, clauses, sentence."""
