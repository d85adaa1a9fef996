"""THE table of questions that a steward answers about a consent form.

Each answer has its words, the codes that say it, a sentence for the description, and what no code
can say. A new question is a row; `wizard` turns the answers into a consent stratum.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.consent.outcome import both
from catalogue.model.text import LangText


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer: its name in the form, its words, and the codes that say it.

    `parameter` is the field whose text the code applies to. `unsaid` is what no code can say.
    """

    value: str
    label: LangText
    codes: tuple[str, ...] = ()
    parameter: str = ""
    sentence: LangText = LangText()
    unsaid: LangText = LangText()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A line to fill in, beside a choice that needs one."""

    name: str
    label: LangText
    hint: LangText = LangText()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `several` answers may hold at once."""

    name: str
    text: LangText
    choices: tuple[Choice, ...]
    hint: LangText = LangText()
    blanks: tuple[Blank, ...] = ()
    several: bool = False


def choice(value: str, nl: str, en: str, *codes: str, **more: LangText | str) -> Choice:
    """A choice with its words in two languages."""
    return Choice(value=value, label=both(nl, en), codes=codes, **more)  # type: ignore[arg-type]


SILENT = choice("silent", "Het formulier zegt dit niet", "The form does not say")

RESEARCH = Question(
    name="research",
    text=both(
        "Voor welk onderzoek is toestemming gegeven?", "For what research was consent given?"
    ),
    choices=(
        choice(
            "any",
            "Elk onderzoek, ook buiten de gezondheid",
            "Any research, also outside health",
            "GRU",
            sentence=both(
                "De gegevens mogen voor elk onderzoek gebruikt worden.",
                "The data may be used for any research.",
            ),
        ),
        choice(
            "health",
            "Onderzoek naar gezondheid en ziekte",
            "Research on health and disease",
            "HMB",
            sentence=both(
                "De gegevens mogen gebruikt worden voor onderzoek naar gezondheid en ziekte, "
                "niet voor onderzoek naar afstamming.",
                "The data may be used for research on health and disease, not for research on "
                "ancestry.",
            ),
        ),
        choice(
            "disease",
            "Alleen onderzoek naar een bepaalde ziekte",
            "Only research on a certain disease",
            "DS",
            parameter="disease",
            sentence=both(
                "De gegevens mogen alleen gebruikt worden voor onderzoek naar: {given}.",
                "The data may only be used for research on: {given}.",
            ),
        ),
        choice(
            "ancestry",
            "Alleen onderzoek naar herkomst of afstamming",
            "Only research on origins or ancestry",
            "POA",
            sentence=both(
                "De gegevens mogen alleen gebruikt worden voor onderzoek naar afstamming.",
                "The data may only be used for research on ancestry.",
            ),
        ),
        choice(
            "study",
            "Alleen het onderzoek waarvoor zij zijn verzameld",
            "Only the study for which they were collected",
            "PS",
            parameter="project",
            sentence=both(
                "De gegevens mogen alleen in dit onderzoek gebruikt worden: {given}.",
                "The data may only be used in this study: {given}.",
            ),
            unsaid=both(
                "Er is geen code die hergebruik geheel uitsluit. PS zegt dat een project "
                "goedgekeurd moet zijn; zonder hoofdtoestemming blijft het antwoord bij de "
                "commissie.",
                "No code excludes all reuse. PS says that a project must be approved; without a "
                "main permission the answer stays with the committee.",
            ),
        ),
        SILENT,
    ),
    blanks=(
        Blank(
            name="disease",
            label=both("Welke ziekte?", "Which disease?"),
            hint=both(
                "Naam of code, zoals melanoom, ORPHA:154 of I42.0. Meer dan één: scheid met ;",
                "Name or code, such as melanoma, ORPHA:154 or I42.0. Several: separate by ;",
            ),
        ),
        Blank(
            name="project",
            label=both("Welk onderzoek?", "Which study?"),
        ),
    ),
)

EXCLUDED = Question(
    name="excluded",
    text=both("Wat sluit het formulier uit?", "What does the form exclude?"),
    several=True,
    choices=(
        choice(
            "no-ancestry",
            "Onderzoek naar herkomst of afstamming",
            "Research on origins or ancestry",
            "NPOA",
            sentence=both(
                "Onderzoek naar herkomst of afstamming mag niet.",
                "Research on origins or ancestry is not allowed.",
            ),
        ),
        choice(
            "no-methods",
            "Methoden of software ontwikkelen",
            "Developing methods or software",
            "NMDS",
            sentence=both(
                "Methoden of software ontwikkelen mag niet.",
                "Developing methods or software is not allowed.",
            ),
        ),
        choice(
            "genetic-only",
            "Onderzoek zonder genetische gegevens",
            "Research without genetic data",
            "GSO",
            sentence=both("Alleen genetisch onderzoek mag.", "Only genetic studies are allowed."),
        ),
        choice(
            "no-reidentification",
            "Pogingen om mensen te herkennen",
            "Attempts to recognise people",
            unsaid=both(
                "DUO heeft geen code voor een verbod om mensen te herkennen.",
                "DUO has no code for a ban on recognising people.",
            ),
        ),
    ),
)

CARE = Question(
    name="care",
    text=both(
        "Mogen de gegevens ook in de zorg gebruikt worden?",
        "May the data also be used in care for patients?",
    ),
    choices=(
        choice(
            "yes",
            "Ja",
            "Yes",
            "CC",
            sentence=both(
                "De gegevens mogen ook in de zorg gebruikt worden.",
                "The data may also be used in care for patients.",
            ),
        ),
        choice(
            "no",
            "Nee",
            "No",
            sentence=both(
                "De gegevens mogen niet in de zorg gebruikt worden.",
                "The data may not be used in care for patients.",
            ),
        ),
        SILENT,
    ),
)

COMPANIES = Question(
    name="companies",
    text=both("Mogen bedrijven de gegevens gebruiken?", "May companies use the data?"),
    choices=(
        choice(
            "yes",
            "Ja, ook commercieel",
            "Yes, commercially too",
            sentence=both(
                "Bedrijven mogen de gegevens gebruiken, ook commercieel.",
                "Companies may use the data, commercially too.",
            ),
            unsaid=both(
                "Dat bedrijven mogen, heeft geen code: zonder verbod mag het.",
                "That companies may has no code: without a ban it is allowed.",
            ),
        ),
        choice(
            "noncommercial",
            "Ja, maar niet commercieel",
            "Yes, but not commercially",
            "NCU",
            sentence=both(
                "Commercieel gebruik mag niet; bedrijven mogen meedoen.",
                "Commercial use is not allowed; companies may take part.",
            ),
        ),
        choice(
            "nonprofit",
            "Nee, alleen organisaties zonder winstoogmerk",
            "No, only not-for-profit organisations",
            "NPU",
            sentence=both(
                "Alleen organisaties zonder winstoogmerk mogen de gegevens gebruiken.",
                "Only not-for-profit organisations may use the data.",
            ),
        ),
        choice(
            "neither",
            "Nee, en ook niemand anders commercieel",
            "No, and nobody else commercially either",
            "NPUNCU",
            sentence=both(
                "Alleen organisaties zonder winstoogmerk mogen de gegevens gebruiken, en "
                "niet commercieel.",
                "Only not-for-profit organisations may use the data, and not commercially.",
            ),
        ),
        SILENT,
    ),
)

USERS = Question(
    name="users",
    text=both("Wie mogen de gegevens gebruiken?", "Who may use the data?"),
    several=True,
    choices=(
        choice(
            "institution",
            "Alleen bepaalde instellingen",
            "Only certain institutions",
            "IS",
            parameter="institutions",
            sentence=both(
                "Alleen deze instellingen mogen de gegevens gebruiken: {given}.",
                "Only these institutions may use the data: {given}.",
            ),
        ),
        choice(
            "persons",
            "Alleen goedgekeurde personen",
            "Only approved people",
            "US",
            sentence=both(
                "Alleen goedgekeurde personen mogen de gegevens gebruiken.",
                "Only approved people may use the data.",
            ),
        ),
        choice(
            "project",
            "Alleen een goedgekeurd project",
            "Only an approved project",
            "PS",
            sentence=both(
                "Alleen een goedgekeurd project mag de gegevens gebruiken.",
                "Only an approved project may use the data.",
            ),
        ),
    ),
    blanks=(
        Blank(
            name="institutions",
            label=both("Welke instellingen?", "Which institutions?"),
            hint=both("Meer dan één: scheid met ;", "Several: separate by ;"),
        ),
    ),
)

WHERE = Question(
    name="where",
    text=both("Waar mag het onderzoek gebeuren?", "Where may the research be done?"),
    choices=(
        choice(
            "anywhere",
            "Overal",
            "Anywhere",
            sentence=both(
                "Het onderzoek mag overal gebeuren.", "The research may be done anywhere."
            ),
            unsaid=both(
                "Dat het overal mag, heeft geen code: zonder grens mag het.",
                "That it may be anywhere has no code: without a limit it is allowed.",
            ),
        ),
        choice(
            "nl",
            "Alleen in Nederland",
            "Only in the Netherlands",
            "GS",
            parameter="=NL",
            sentence=both(
                "Het onderzoek moet in Nederland gebeuren.",
                "The research must be done in the Netherlands.",
            ),
        ),
        choice(
            "eu",
            "Alleen in de Europese Unie",
            "Only in the European Union",
            "GS",
            parameter="=EU",
            sentence=both(
                "Het onderzoek moet in de Europese Unie gebeuren.",
                "The research must be done in the European Union.",
            ),
        ),
        choice(
            "eea",
            "Alleen in de EU, IJsland, Liechtenstein en Noorwegen",
            "Only in the EU, Iceland, Liechtenstein and Norway",
            "GS",
            parameter="=EEA",
            sentence=both(
                "Het onderzoek moet in de Europese Economische Ruimte gebeuren.",
                "The research must be done in the European Economic Area.",
            ),
        ),
        choice(
            "other",
            "Alleen in bepaalde landen",
            "Only in certain countries",
            "GS",
            parameter="countries",
            sentence=both(
                "Het onderzoek moet hier gebeuren: {given}.",
                "The research must be done here: {given}.",
            ),
        ),
        SILENT,
    ),
    blanks=(
        Blank(
            name="countries",
            label=both("Welke landen?", "Which countries?"),
            hint=both(
                "Naam of landcode, zoals BE. Meer dan één: scheid met ;",
                "Name or country code, such as BE. Several: separate by ;",
            ),
        ),
    ),
)

DUTIES = Question(
    name="duties",
    text=both("Wat moet een onderzoeker doen?", "What must a researcher do?"),
    several=True,
    choices=(
        choice(
            "ethics",
            "Ethische goedkeuring laten zien",
            "Show approval by an ethics committee",
            "IRB",
            sentence=both(
                "Een onderzoeker moet ethische goedkeuring laten zien.",
                "A researcher must show approval by an ethics committee.",
            ),
        ),
        choice(
            "publish",
            "Resultaten publiceren",
            "Publish the results",
            "PUB",
            sentence=both(
                "Een onderzoeker moet de resultaten publiceren.",
                "A researcher must publish the results.",
            ),
        ),
        choice(
            "embargo",
            "Wachten met publiceren tot een datum",
            "Wait with publication",
            "MOR",
            parameter="embargo",
            sentence=both("Publiceren mag niet vóór: {given}.", "No publication before: {given}."),
        ),
        choice(
            "collaborate",
            "Samenwerken met de onderzoekers die de gegevens verzamelden",
            "Collaborate with those who collected the data",
            "COL",
            sentence=both(
                "Een onderzoeker moet samenwerken met wie de gegevens verzamelden.",
                "A researcher must collaborate with those who collected the data.",
            ),
        ),
        choice(
            "return",
            "Resultaten terugleveren",
            "Return the results",
            "RTN",
            sentence=both(
                "Een onderzoeker moet de resultaten terugleveren.",
                "A researcher must return the results.",
            ),
        ),
        choice(
            "participants",
            "Deelnemers over de uitkomsten vertellen",
            "Tell participants about the outcome",
            unsaid=both(
                "DUO heeft geen code voor uitkomsten terugkoppelen aan deelnemers: "
                "RTN gaat over gegevens die naar de bron teruggaan.",
                "DUO has no code for telling participants about the outcome: RTN is "
                "about data that go back to the resource.",
            ),
        ),
    ),
    blanks=(
        Blank(
            name="embargo",
            label=both("Tot welke datum?", "Until what date?"),
            hint=both("Zoals 2030-01-31.", "Such as 2030-01-31."),
        ),
    ),
)

RECONTACT = Question(
    name="recontact",
    text=both("Mogen deelnemers opnieuw benaderd worden?", "May participants be contacted again?"),
    choices=(
        choice(
            "yes",
            "Ja",
            "Yes",
            "RECONTACT",
            sentence=both(
                "Deelnemers mogen via de houder opnieuw benaderd worden.",
                "Participants may be contacted again through the holder.",
            ),
        ),
        choice(
            "no",
            "Nee",
            "No",
            "NO-RECONTACT",
            sentence=both(
                "Deelnemers mogen niet opnieuw benaderd worden.",
                "Participants may not be contacted again.",
            ),
        ),
        SILENT,
    ),
)

LINKAGE = Question(
    name="linkage",
    text=both(
        "Mogen de gegevens per persoon gekoppeld worden aan andere gegevens?",
        "May the data be linked by person to other data?",
    ),
    hint=both(
        "Zoals het patiëntendossier of de kankerregistratie.",
        "Such as the health record or the cancer registry.",
    ),
    choices=(
        choice(
            "yes",
            "Ja",
            "Yes",
            "LINKAGE",
            sentence=both("Koppelen per persoon mag.", "Linkage by person is allowed."),
        ),
        choice(
            "no",
            "Nee",
            "No",
            "NO-LINKAGE",
            sentence=both("Koppelen per persoon mag niet.", "Linkage by person is not allowed."),
        ),
        SILENT,
    ),
)

DURATION = Question(
    name="duration",
    text=both(
        "Hoe lang mag een onderzoeker de gegevens gebruiken?",
        "For how long may a researcher use the data?",
    ),
    choices=(
        choice(
            "unlimited",
            "Zonder grens",
            "Without a limit",
            sentence=both(
                "Aan de tijd van gebruik is geen grens gesteld.",
                "No limit is set to the time of use.",
            ),
            unsaid=both(
                "Dat er geen grens is, heeft geen code.", "That there is no limit has no code."
            ),
        ),
        choice(
            "months",
            "Een aantal maanden, of tot een datum",
            "Some months, or until a date",
            "TS",
            parameter="months",
            sentence=both(
                "Een onderzoeker mag de gegevens zo lang gebruiken (maanden of "
                "einddatum): {given}.",
                "A researcher may use the data for this long (months or end date): {given}.",
            ),
        ),
        SILENT,
    ),
    blanks=(
        Blank(
            name="months",
            label=both("Maanden, of een einddatum", "Months, or an end date"),
            hint=both("Zoals 24, of 2030-12-31.", "Such as 24, or 2030-12-31."),
        ),
    ),
)

ORIGIN = Question(
    name="origin",
    text=both("Hoe is toestemming gekregen?", "How was consent obtained?"),
    choices=(
        choice("study-specific", "Toestemming voor één onderzoek", "Consent for one study"),
        choice(
            "broad", "Brede toestemming voor later onderzoek", "Broad consent for later research"
        ),
        choice("dynamic", "Deelnemers kiezen telkens zelf", "Participants choose each time"),
        choice(
            "opt-out",
            "Geen bezwaar vastgelegd na informatie",
            "No objection recorded after information",
        ),
        choice("waiver", "Uitzondering op toestemming", "A waiver of consent"),
        choice("not-stated", "Onbekend", "Unknown"),
    ),
)

PEOPLE = Question(
    name="people",
    text=both("Over wie gaan de gegevens?", "Whom are the data about?"),
    hint=both(
        "Hiervoor bestaan geen codes. Uw antwoord komt in de tekst die u kunt overnemen.",
        "There are no codes for this. Your answer goes into the text that you can copy.",
    ),
    several=True,
    choices=(
        choice(
            "minors",
            "Ook minderjarigen; ouders stemden toe",
            "Also minors; parents consented",
            unsaid=both(
                "Dat er minderjarigen bij zijn, heeft geen code.",
                "That minors are included has no code.",
            ),
        ),
        choice(
            "reconsent",
            "Minderjarigen worden opnieuw gevraagd als zij volwassen zijn",
            "Minors are asked again when they come of age",
            unsaid=both(
                "Dat minderjarigen later opnieuw gevraagd worden, heeft geen code.",
                "That minors are asked again has no code.",
            ),
        ),
        choice(
            "represented",
            "Ook mensen voor wie een vertegenwoordiger toestemde",
            "Also people for whom a representative consented",
            unsaid=both(
                "Dat een vertegenwoordiger toestemde, heeft geen code.",
                "That a representative consented has no code.",
            ),
        ),
        choice(
            "deceased",
            "Ook overledenen",
            "Also people who have died",
            unsaid=both(
                "Dat er overledenen bij zijn, heeft geen code; het medisch geheim blijft gelden.",
                "That people who died are included has no code; medical secrecy still holds.",
            ),
        ),
    ),
)

QUESTIONS: tuple[Question, ...] = (
    *(RESEARCH, EXCLUDED, CARE, COMPANIES, USERS, WHERE),
    *(DUTIES, RECONTACT, LINKAGE, DURATION, ORIGIN, PEOPLE),
)
"""THE table of questions, in the order of the page."""

NAME = Blank(
    name="name",
    label=both("Hoe heet deze groep?", "What is this group called?"),
    hint=both("Zoals “brede toestemming, vanaf 2020”.", "Such as “broad consent, from 2020”."),
)
OTHER = Blank(
    name="other",
    label=both("Wat zegt het formulier nog meer?", "What else does the form say?"),
)
FIELDS = frozenset(
    {*(each.name for each in QUESTIONS), NAME.name, OTHER.name}
    | {blank.name for each in QUESTIONS for blank in each.blanks}
)
"""Every name that the form may hold."""
