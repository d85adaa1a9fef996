"""`catalogue profile`: the shape sets by which descriptions are judged, ours and an operator's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template

import click

from catalogue.cli.parts import (
    SHAPES,
    compose_shapes,
    one_session,
    own_profiles,
    shape_sets,
)
from catalogue.errors import ProfileError
from catalogue.rdf.graph import Graph
from catalogue.rdf.parse import Parser
from catalogue.settings import Settings
from catalogue.validation.profile import KINDS, load, target_classes
from catalogue.validation.selftest import examine_bytes, usable

ABOUT = Template("""@prefix dct: <http://purl.org/dc/terms/> .
@prefix gc: <https://w3id.org/genoomcatalogus/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prof: <http://www.w3.org/ns/dx/prof/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .

<https://w3id.org/genoomcatalogus/profiles/$key> a prof:Profile ;
    dct:title "$title"@en , "$title"@nl ;
    dct:description "Added by the operator of this catalogue."@en ,
        "Toegevoegd door de beheerder van deze catalogus."@nl ;
    owl:versionInfo "1" ;
    gc:requiresClass $classes .
""")


@click.group()
def profile() -> None:
    """List, add or remove the profiles that descriptions are validated against."""


@profile.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the profiles with their version."""
    own = {path.name for path in own_profiles(settings)}
    for key, found in shape_sets(settings).items():
        origin = "added here" if key in own else str(found.source or "ours")
        click.echo(f"{key:24} {found.version:6} {origin}  {found.title.value('en')}")


@profile.command()
@click.argument("what", metavar="FILE|URL")
@click.option("--key", help="the name of the profile; default the name of the file")
@click.option("--title", help="the title that reports show; default the key")
@click.pass_obj
def add(settings: Settings, what: str, key: str | None, title: str | None) -> None:
    """Add a SHACL shape set, after testing that it can be trusted.

    It must parse, use SHACL Core only, name classes that exist, and find something wrong
    with a description that is empty. Records are validated against it at their next harvest.
    """
    name = key or re.sub(r"[^a-z0-9]+", "-", Path(what).stem.lower()).strip("-")
    _refuse_name(settings, name)
    with Parser() as parser:
        content, media_type = _read(settings, parser, what)
        graph = parser.parse(content, media_type=media_type, base="urn:shapes:", url=what)
        problems = examine_bytes(graph.n_triples(), parser, name=what)
    for problem in problems:
        click.echo(f"{problem.severity}: {problem.messages['en']}")
    if not usable(problems):
        raise ProfileError(f"{what}: cannot be used as a profile, for the reasons above")
    folder = _write(settings, name, title or name, graph)
    click.echo(f"{name}: added ({folder}); the next harvest validates against it")


@profile.command()
@click.argument("key")
@click.pass_obj
def remove(settings: Settings, key: str) -> None:
    """Remove a profile that was added here."""
    for folder in own_profiles(settings):
        if folder.name == key:
            shutil.rmtree(folder)
            compose_shapes(settings)
            click.echo(f"{key}: removed")
            return
    raise ProfileError(f"{key}: no profile of that name was added here")


def _refuse_name(settings: Settings, name: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name):
        raise ProfileError(f"{name!r}: a profile is named with a-z, 0-9 and hyphens")
    if (SHAPES / name).exists():
        raise ProfileError(f"{name}: the catalogue has a profile of that name; choose a --key")
    if any(folder.name == name for folder in own_profiles(settings)):
        raise ProfileError(f"{name}: already added; remove it first")


def _read(settings: Settings, parser: Parser, what: str) -> tuple[bytes, str | None]:
    if not what.startswith(("http://", "https://")):
        return Path(what).read_bytes(), None
    with one_session(settings, parser) as web:
        document = web.get(what)
    return document.content, document.media_type


def _write(settings: Settings, name: str, title: str, shapes: Graph) -> Path:
    targets = target_classes(shapes)
    classes = [f"<{iri}>" for iri in KINDS.values() if iri in targets]
    if not classes:
        raise ProfileError(f"{name}: it has no rules for datasets, series or catalogs")
    folder = settings.data / "profiles" / name
    folder.mkdir(parents=True)
    about = ABOUT.substitute(key=name, title=_quoted(title), classes=" , ".join(classes))
    (folder / "profile.ttl").write_text(about, encoding="utf-8")
    (folder / "shapes.ttl").write_bytes(shapes.n_triples())
    try:
        load(folder)
    except ProfileError:
        shutil.rmtree(folder)
        raise
    compose_shapes(settings)
    return folder


def _quoted(text: str) -> str:
    """A text that can stand between double quotes in Turtle."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
