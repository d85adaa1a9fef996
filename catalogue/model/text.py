"""Text with its language, and the choice of which language to show.

A reader of Dutch gets Dutch where it exists, then English, then whatever there is; the
page marks a text that is not in the reader's language, so the choice is never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("nl", "en")
"""The languages of the website, and of the fallback."""


@dataclass(frozen=True, slots=True)
class Text:
    """One literal: its characters and its BCP 47 language tag, `""` when untagged."""

    value: str
    language: str = ""

    @property
    def primary(self) -> str:
        """The primary subtag, lower case: `"nl"` for `"nl-BE"`."""
        return self.language.partition("-")[0].lower()


@dataclass(frozen=True, slots=True)
class LangText:
    """The same text in one or more languages; falsy when nothing was stated."""

    texts: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts)

    def best(self, language: str) -> Text | None:
        """The text to show to a reader of `language`: theirs, nl/en, untagged, any.

        >>> title = LangText((Text("Genomes", "en"), Text("Genomen", "nl")))
        >>> title.best("nl").value
        'Genomen'
        >>> LangText((Text("Genomes", "en"),)).best("nl").language
        'en'
        """
        order = (language, *(other for other in reversed(LANGUAGES) if other != language), "")
        for wanted in order:
            for text in self.texts:
                if text.primary == wanted:
                    return text
        return self.texts[0] if self.texts else None

    def value(self, language: str) -> str:
        """The characters of `best`, or the empty string when nothing was stated."""
        text = self.best(language)
        return text.value if text else ""
