"""BibTeX: an `@misc` entry, because classic styles know no `@dataset`.

Braces and backslashes of the text are written as commands, so that a title can neither end its
field nor run a command: BibTeX counts a brace also where a backslash stands before it.
http://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf
"""

from __future__ import annotations

import re

from catalogue.exports.export import Described, Export, line

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': "''",
}
"""Characters that mean something to TeX, and how they are written instead."""


def write(described: Described) -> bytes:
    """One entry; its key is our identifier, with the holder before it."""
    fields = {
        "author": " and ".join(f"{{{tex(each.name)}}}" for each in described.makers),
        "title": f"{{{tex(described.title)}}}",
        "publisher": tex(described.publisher.name),
        "year": described.year,
        "howpublished": r"Genoomcatalogus [dataset description]",
        "doi": described.doi or "",
        "url": described.iri,
        "keywords": ", ".join(tex(each) for each in described.keywords),
        "note": tex("; ".join(described.access)),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key(described)},\n{body}}}\n".encode()


def key(described: Described) -> str:
    """A name without a character that BibTeX reads.

    The identifier alone would do; the holder makes it readable in a manuscript.
    """
    holder = re.sub(r"[^a-z0-9]+", "-", described.record.holder.slug.lower()).strip("-")
    return f"{holder}-{described.record.id}".strip("-")


def tex(text: str) -> str:
    r"""Text as TeX prints it.

    >>> tex("50% {of} \\all")
    '50\\% \\textbraceleft{}of\\textbraceright{} \\textbackslash{}all'
    """
    return "".join(SPECIAL.get(each, each) for each in line(text))


EXPORT = Export(
    key="bibtex",
    media_type="application/x-bibtex",
    name="BibTeX",
    suffix="bib",
    write=write,
    aliases=("text/x-bibtex",),
)
