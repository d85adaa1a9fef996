"""Whether something is hidden or never existed cannot be told by asking.

Every route with an identifier in it is asked about everything hidden and about an identifier
that nobody has, by every method, for every kind of client: byte for byte the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from conformance.hidden import Scene, scene
from conformance.test_nothing_leaks import SLUGS
from harvested import BASE
from werkzeug.routing import AnyConverter, Rule

from catalogue.web.session import WINDOW, wrong_tokens

NOBODY = "aaaaaaaaaaaa"
"""An identifier that is as long as ours, and that no record has."""
ACCEPTS = ("text/html", "text/turtle", "application/json")
READS: tuple[tuple[str, str], ...] = (
    *(("GET", each) for each in ACCEPTS),
    ("HEAD", "*/*"),
    ("OPTIONS", "*/*"),
)
WRITES = ("POST", "PUT", "DELETE")
SENT = '{"current": "PUBLISHED"}'
OTHERS: Mapping[str, tuple[str, ...]] = {
    "number": ("1",),
    "moment": ("20250302120000",),
    "child": ("dataset",),
}
"""What the other arguments of such a route may be."""
ASKED = (
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={iri}",
    "/oai?verb=ListMetadataFormats&identifier={iri}",
    "/label?iri={iri}",
    "/datasets?q={id}",
    "/datasets.csv?q={id}",
    "/api/v1/datasets?q={id}",
    "/api/v1/datasets?organisation={id}",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=catalog:{id}",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=organisation:{id}",
    "/feed.atom?organisation={id}",
    "/feed.atom?catalog={id}",
    "/catalog.ttl?catalog={id}",
)
"""Where an identifier stands in the question and not in the path."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("apart")
    with scene(folder) as made:
        yield made


@pytest.mark.timeout(900)  # some thousands of requests, beside whatever else is running
def test_reading_does_not_tell_what_is_hidden_from_what_never_existed(site: Scene) -> None:
    told = [
        f"{method} {path} as {accept}"
        for (path, name), (method, accept) in (
            *product(paths(site, "GET"), READS),
            *product(questions(site), READS[:1]),
        )
        if differs(site, path, name, method=method, headers={"Accept": accept})
    ]
    assert not told, "\n".join(told[:40])


@pytest.mark.parametrize("who", ["", "eve"])
def test_writing_does_not_tell_it_either(site: Scene, who: str) -> None:
    bearer = {"Authorization": f"Bearer {site.tokens[who]}"} if who else {}
    told = [
        f"{method} {path}"
        for method in WRITES
        for path, name in paths(site, method)
        if differs(
            site, path, name, method=method, data=SENT, headers=bearer, mimetype="application/json"
        )
    ]
    assert not told, "\n".join(told[:40])


@pytest.mark.parametrize("kind", ["catalog", "dataset", "distribution"])
def test_nothing_is_made_in_what_is_hidden(site: Scene, kind: str) -> None:
    bearer = {"Authorization": f"Bearer {site.tokens['eve']}"}
    body = (
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> ."
        f'<> a dcat:{kind.title()} ; dct:title "Cuckoo" ; dct:isPartOf <{{where}}> .'
    )
    for name, of in product(site.hidden, ("catalog", "dataset")):
        sent = [body.replace("{where}", f"{BASE}/{of}/{each}") for each in (name, NOBODY)]
        options = {"headers": bearer, "mimetype": "text/turtle"}
        mine, other = (said(site, f"/{kind}", method="POST", data=each, **options) for each in sent)
        assert mine == blank(other, NOBODY, name), (kind, name)
        assert mine[0] == 400, mine


def test_what_was_public_is_gone_and_no_more(site: Scene) -> None:
    client = site.app.test_client()
    drafts = site.drafts
    kinds = {"ufcujlju544b": "dataset", drafts["taken back"]: "catalog"}
    kinds[drafts["taken file"]] = "distribution"
    assert set(kinds) == set(site.withdrawn)
    for name, accept in product(site.withdrawn, ACCEPTS):
        for kind in ("catalog", "dataset", "series", "distribution"):
            answer = client.get(f"/{kind}/{name}", headers={"Accept": accept})
            assert answer.status_code == (410 if kind == kinds[name] else 404), (kind, name)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_organisation_without_anything_public_does_not_exist(site: Scene, slug: str) -> None:
    for rule in site.app.url_map.iter_rules():
        for path in filled(rule, {"slug": (slug,), "id": ("1",), **OTHERS}, "slug"):
            for method in sorted((rule.methods or set()) - {"HEAD"}):
                for accept in ("text/html", "*/*"):
                    assert not differs(
                        site, path, slug, method=method, headers={"Accept": accept}
                    ), f"{method} {path} as {accept}"


def paths(site: Scene, method: str) -> Iterator[tuple[str, str]]:
    """(path, identifier) of every route about a record that knows the method."""
    for rule in site.app.url_map.iter_rules():
        if method in (rule.methods or ()) and "slug" not in rule.arguments:
            for name in site.hidden:
                yield from ((path, name) for path in filled(rule, {"id": (name,), **OTHERS}, "id"))


def questions(site: Scene) -> Iterator[tuple[str, str]]:
    """(path with a question in it, identifier)."""
    for name, asked in product(site.hidden, ASKED):
        yield asked.replace("{iri}", quote(f"{BASE}/dataset/{name}")).replace("{id}", name), name


def filled(rule: Rule, known: Mapping[str, tuple[str, ...]], wanted: str) -> Iterator[str]:
    """The paths of a rule that has this argument, with everything that its others can be."""
    if wanted not in rule.arguments:
        return
    names = sorted(rule.arguments - set(rule.defaults or {}))
    for values in product(*(of_argument(rule, name, known) for name in names)):
        path = rule.rule
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", value, path)
        yield path


def of_argument(rule: Rule, name: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return tuple(sorted(converter.items))
    assert name in known, f"tell this test what {name!r} can be in {rule.rule}"
    return known[name]


def differs(site: Scene, path: str, name: str, **options: Any) -> bool:
    """Whether the answer about `name` is another one than about nobody's."""
    mine = said(site, path, **options)
    nobody = NOBODY if len(name) == len(NOBODY) else "q" * len(name)
    return mine != blank(said(site, path.replace(name, nobody), **options), nobody, name)


def said(site: Scene, path: str, **options: Any) -> tuple[int, Any, str]:
    """Status, headers and body, without the moment.

    Nor with the tag of an answer that repeats a question, since it is made of all of it.
    """
    site.app.extensions[WINDOW] = wrong_tokens()
    left_out = ("Date", "ETag") if "?" in path else ("Date",)
    with site.app.test_client().open(path, **options) as answer:
        headers = sorted(each for each in answer.headers if each[0] not in left_out)
        body = answer.get_data(as_text=True)
    return answer.status_code, headers, re.sub(r"<responseDate>[^<]*", "", body)


def blank(answer: tuple[int, Any, str], nobody: str, name: str) -> tuple[int, Any, str]:
    """An answer about nobody's, as it would be about `name`."""
    status, headers, body = answer
    named = [(key, value.replace(nobody, name)) for key, value in headers]
    return status, named, body.replace(nobody, name)
