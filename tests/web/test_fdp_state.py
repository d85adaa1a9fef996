"""From draft to public and back: who sees what, on every surface, at every moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyoxigraph as ox
import pytest
from web.writing import BASE, PREFIXES, Desk, a_catalog, a_dataset, a_distribution, read, writing

from catalogue.namespaces import ADMS, DCAT, DCT, LDP
from catalogue.register.submitted import Superseded

SECRET, HIDDEN = "Onvindbaarheid", "Genomes of nobody"
PATHS = ("catalog", "dataset", "series", "distribution")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        yield made


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def every_address(desk: Desk, more: tuple[str, ...]) -> list[str]:
    """Each address of the site that takes no argument, and those of the records."""
    rules = [r for r in desk.app.url_map.iter_rules() if "GET" in (r.methods or ())]
    plain = [r.rule for r in rules if not r.arguments and not r.rule.startswith("/static")]
    return [*plain, *more]


def everywhere(desk: Desk, more: tuple[str, ...] = (), who: str = "") -> dict[str, str]:
    """What each address and format answers."""
    found = {}
    for path in dict.fromkeys(every_address(desk, more)):
        for accept in ("text/html", "text/turtle", "application/ld+json", "application/json"):
            answer = desk.ask("GET", path, who, Accept=accept)
            assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
            found[f"{path} as {accept}"] = answer.get_data().decode("utf-8", "replace")
            answer.close()
    return found


# drafts


def test_a_draft_is_on_no_surface(desk: Desk) -> None:
    catalog = desk.catalog()
    shown = desk.dataset(catalog)
    draft = desk.made("dataset", a_dataset(catalog, "<https://umc.example/a-secret>", HIDDEN))
    part = desk.made("distribution", a_distribution(shown).replace("Variants", HIDDEN))
    hidden = desk.made("catalog", a_catalog(title=HIDDEN))
    names = (draft, part, hidden, catalog, shown, f"{catalog}/page/dataset", f"{shown}/expanded")
    more = (*names, *(f"{each}/meta" for each in (draft, part, hidden, catalog, shown)))
    answers = everywhere(desk, (*more, "/en/datasets?q=Genomes"))
    assert sum("Exomes of hearts" in said for said in answers.values()) > 10  # so it would show
    leaks = [
        where
        for where, said in answers.items()
        if any(each in said for each in (HIDDEN, "a-secret", *_echoes(where, draft, part, hidden)))
    ]
    assert leaks == []


def _echoes(where: str, *names: str) -> list[str]:
    """The ids of drafts that an answer must not have: an error repeats what was asked."""
    ids = (each.rpartition("/")[2] for each in names)
    return [each for each in ids if each not in where]


@pytest.mark.parametrize("who", ["", "bob"])
@pytest.mark.parametrize("tail", ["", "/meta", "/expanded", "/meta/state"])
def test_a_draft_does_not_exist_for_strangers(desk: Desk, who: str, tail: str) -> None:
    draft = desk.made("dataset", a_dataset(desk.catalog()))
    assert desk.ask("GET", draft + tail, who).status_code == 404
    assert desk.ask("GET", draft + tail, "anna").status_code == 200


def test_an_admin_may_look_and_not_touch(desk: Desk) -> None:
    draft = desk.made("dataset", a_dataset(desk.catalog()))
    assert desk.ask("GET", draft, "ada").status_code == 200
    assert desk.state(draft, "PUBLISHED", "ada").status_code == 403


def test_a_draft_has_a_page_for_its_steward(desk: Desk) -> None:
    draft = desk.made("dataset", a_dataset(desk.catalog(), title=SECRET))
    for language, word in (("en", "This is a draft"), ("nl", "Dit is een concept")):
        path = draft.replace(BASE, f"/{language}")
        page = desk.ask("GET", path, "anna", Accept="text/html")
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert word in page.text
        assert SECRET in page.text
        assert desk.ask("GET", path, Accept="text/html").status_code == 404


def test_the_page_of_a_draft_leads_to_its_catalog_and_to_publishing(desk: Desk) -> None:
    catalog = desk.made("catalog", a_catalog())
    draft = desk.made("dataset", a_dataset(catalog, title=SECRET))
    here, command = catalog.replace(BASE, "/nl"), f"{draft}/meta/state</code>"
    page = desk.ask("GET", draft.replace(BASE, "/nl"), "anna", Accept="text/html").text
    assert f"<title>{SECRET} · Concept" in page
    assert f'<a href="{here}"' in page
    assert "Publiceer dat eerst" in page
    assert command in page
    assert " je " not in page
    desk.publish(catalog)
    page = desk.ask("GET", draft.replace(BASE, "/nl"), "anna", Accept="text/html").text
    assert f'<a href="{here}"' in page
    assert "Publiceer dat eerst" not in page
    looked_at = desk.ask("GET", draft.replace(BASE, "/nl"), "ada", Accept="text/html").text
    assert command not in looked_at


def test_the_page_of_a_draft_distribution_leads_to_its_dataset(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    part = desk.made("distribution", a_distribution(dataset).replace("Variants", SECRET))
    page = desk.ask("GET", part.replace(BASE, "/en"), "anna", Accept="text/html").text
    assert f'<a href="{dataset.replace(BASE, "/en")}"' in page
    assert f"<title>{SECRET} · Draft" in page
    catalog = desk.made("catalog", a_catalog())
    page = desk.ask("GET", catalog.replace(BASE, "/en"), "anna", Accept="text/html").text
    assert '<a href="/en/catalogs"' in page
    assert "Stands in" not in page


def test_the_page_of_a_draft_lists_what_stands_in_it(desk: Desk) -> None:
    catalog, other = desk.made("catalog", a_catalog()), desk.made("catalog", a_catalog())
    inside = [desk.made("dataset", a_dataset(catalog, title=f"{SECRET} {n}")) for n in "ba"]
    gone = desk.made("dataset", a_dataset(catalog, title="Deleted"))
    desk.ask("DELETE", gone, "anna")
    both = a_dataset(other, title="Elsewhere too", more=f"dct:isPartOf <{catalog}> ;")
    inside.insert(0, desk.made("dataset", both))
    for language, heading, word in (
        ("en", "What stands in it", "Draft"),
        ("nl", "Wat hierin is opgenomen", "Concept"),
    ):
        page = desk.ask("GET", catalog.replace(BASE, f"/{language}"), "anna", Accept="text/html")
        listed = page.text.partition(heading)[2].partition("</section>")[0]
        links = re.findall(r'<li><a href="([^"]+)"', listed)
        assert links == [each.replace(BASE, f"/{language}") for each in (inside[0], *inside[:0:-1])]
        assert listed.count(word) == 3
    for who in ("", "bob"):
        assert desk.ask("GET", catalog, who, Accept="text/html").status_code == 404


def test_a_dataset_that_was_taken_back_lists_what_becomes_public_with_it(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    part = desk.publish(desk.made("distribution", a_distribution(dataset)))
    desk.state(dataset, "DRAFT")
    for language, word in (("en", "Public together"), ("nl", "Samen hiermee openbaar")):
        page = desk.ask("GET", dataset.replace(BASE, f"/{language}"), "anna", Accept="text/html")
        assert f'<a href="{part.replace(BASE, f"/{language}")}"' in page.text
        assert word in page.text


def test_a_draft_with_nothing_in_it_has_no_list(desk: Desk) -> None:
    page = desk.ask("GET", desk.made("catalog", a_catalog()), "anna", Accept="text/html")
    assert "What stands in it" not in page.text


def test_what_its_steward_sees_is_kept_by_no_cache(desk: Desk) -> None:
    draft = desk.made("dataset", a_dataset(desk.catalog()))
    assert desk.ask("GET", draft, "anna").headers["Cache-Control"] == "private, no-store"


# publishing


def test_publishing_shows_it_everywhere_within_one_request(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.publish(desk.made("dataset", a_dataset(catalog, title=SECRET)))
    graph = desk.graph(catalog)
    assert graph.objects(node(catalog), DCAT + "dataset") == [node(where)]
    contained = [t.object for t in graph if t.predicate.value == LDP + "contains"]
    assert contained == [node(where)]
    for path in (where, f"{catalog}/page/dataset", "/catalog.ttl", f"/en/datasets?q={SECRET}"):
        assert SECRET in desk.ask("GET", path, Accept="*/*").text, path
    for path in ("/sitemap-1.xml", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"):
        assert where.rpartition("/")[2] in desk.ask("GET", path).text, path


def test_what_is_public_goes_to_the_store_with_the_change_log(desk: Desk) -> None:
    where = desk.dataset(desk.catalog())
    name = where.rpartition("/")[2]
    changes = [row[1:] for row in desk.register.changes_since(0)]
    assert (name, "dataset", "added") in changes
    assert where.encode() in (desk.register.graph(name) or b"")


def test_the_same_state_again_is_no_error(desk: Desk) -> None:
    where = desk.made("catalog", a_catalog())
    for state in ("DRAFT", "PUBLISHED", "PUBLISHED", "DRAFT", "DRAFT", "PUBLISHED"):
        answer = desk.state(where, state)
        assert (answer.status_code, answer.json["current"]) == (200, state)


def test_publishing_twice_writes_once(desk: Desk) -> None:
    where = desk.catalog()
    before = desk.register.position()
    desk.publish(where)
    assert desk.register.position() == before


@pytest.mark.parametrize(
    "body", ['{"current": "NONSENSE"}', '{"current": 7}', "{}", "[]", "", '{"state": null}']
)
def test_an_unknown_state_is_refused(desk: Desk, body: str) -> None:
    where = desk.made("catalog", a_catalog())
    assert desk.ask("PUT", f"{where}/meta/state", "anna", body).status_code == 400


def test_a_whole_meta_document_can_be_sent_back(desk: Desk) -> None:
    where = desk.made("catalog", a_catalog())
    body = desk.ask("GET", f"{where}/meta", "anna").text.replace("DRAFT", "PUBLISHED")
    assert desk.ask("PUT", f"{where}/meta", "anna", body).status_code == 200
    assert desk.ask("GET", where).status_code == 200


def test_nothing_is_public_in_a_draft(desk: Desk) -> None:
    catalog = desk.made("catalog", a_catalog())
    dataset = desk.made("dataset", a_dataset(catalog))
    answer = desk.state(dataset, "PUBLISHED")
    assert answer.status_code == 409
    assert "publish it first" in answer.json["detail"]
    desk.publish(catalog)
    part = desk.made("distribution", a_distribution(dataset))
    assert desk.state(part, "PUBLISHED").status_code == 409
    desk.publish(dataset)
    desk.publish(part)


# taking back


def test_what_was_taken_back_leaves_a_tombstone_and_is_a_draft_again(desk: Desk) -> None:
    where = desk.dataset(catalog := desk.catalog())
    assert desk.state(where, "DRAFT").status_code == 200
    gone = desk.ask("GET", where)
    assert gone.status_code == 410
    status = read(gone.get_data()).objects(node(where), ADMS + "status")
    assert status == [node("http://purl.org/adms/status/Withdrawn")]
    assert desk.ask("GET", where, "anna").status_code == 200
    assert where not in desk.ask("GET", catalog).text
    assert "deleted" in desk.ask("GET", "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc").text
    desk.put(where, a_dataset(catalog, f"<{where}>", "Genomes of hearts"))
    assert desk.ask("GET", where).status_code == 410
    desk.publish(where)
    assert "Genomes of hearts" in desk.ask("GET", where).text


@pytest.mark.parametrize("language", ["en", "nl"])
def test_people_read_why_it_is_gone(desk: Desk, language: str) -> None:
    where = desk.dataset(desk.catalog())
    desk.state(where, "DRAFT")
    page = desk.ask("GET", where.replace(BASE, f"/{language}"), Accept="text/html")
    assert page.status_code == 410
    assert {"en": "took it back", "nl": "teruggenomen"}[language] in page.text


@pytest.mark.parametrize("first", ["PUBLISHED", "DRAFT"])
def test_a_tombstone_says_that_its_holder_deleted_it(desk: Desk, first: str) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    desk.state(where, first)
    desk.ask("DELETE", where, "anna")
    (said,) = desk.ask("GET", where).text.split("rdfs:comment")[1:]
    assert "its holder deleted it" in said
    for language, words in {"en": "its holder deleted it", "nl": "verwijderd"}.items():
        page = desk.ask("GET", where.replace(BASE, f"/{language}"), Accept="text/html")
        assert (page.status_code, words in page.text) == (410, True)


PASTS = ("/feed/{page}", "/dataset/{id}/versions", "/dataset/{id}/report", "{memento}")
"""Where the past of a dataset is told."""
FORMS = ("html", "ttl", "nt", "jsonld", "json", "rdf", "nq", "trig", "link")


def told_of_the_past(desk: Desk, dataset: str) -> dict[str, str]:
    """What each address of the past of a dataset says in each form that it has, and Atom."""
    name, found = dataset.rpartition("/")[2], {}
    when = desk.register.public_versions(name)[1].since
    memento = f"/dataset/{name}/versions/{when:%Y%m%d%H%M%S}"
    last = desk.register.position() // 100 + 1
    paths = [
        each.format(id=name, memento=memento, page=page)
        for each in PASTS
        for page in range(1, last + 1)
    ]
    every = [f"{path}?format={form}" for path in dict.fromkeys(paths) for form in FORMS]
    for path in (*every, f"/en/dataset/{name}", f"{dataset}/provenance", "/en/feed.atom"):
        answer = desk.ask("GET", path)
        if answer.status_code not in (400, 404, 406):
            found[path] = answer.get_data().decode()
    return found


@pytest.mark.parametrize("way", ["take back", "delete"])
def test_a_distribution_that_was_taken_back_is_in_no_past(
    desk: Desk, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = desk.dataset(desk.catalog())
    turtle = a_distribution(dataset, "<https://umc.example/distsecret>")
    for plain, secret in (
        ("Variants", "Distsecret"),
        ("umc.example/ask", "umc.example/distsecret"),
        ("dcat:mediaType", 'dct:issued "Distsecret day" ; dcat:mediaType'),
    ):
        turtle = turtle.replace(plain, secret)
    part = desk.publish(desk.made("distribution", turtle))
    before = told_of_the_past(desk, dataset)
    assert {each.split("?")[0].split("/")[-2] for each in _telling(before)} > {"feed", "versions"}
    assert any("/report?" in each for each in _telling(before))
    later = datetime.now(UTC) + timedelta(minutes=1)  # an address of the past names a second
    monkeypatch.setattr(desk.kept, "now", lambda: later)
    if way == "delete":
        assert desk.ask("DELETE", part, "anna").status_code == 204
    else:
        desk.state(part, "DRAFT")
    after = told_of_the_past(desk, dataset)
    assert before.keys() <= after.keys()
    assert _telling(after) == []
    name = part.rpartition("/")[2]
    assert [where for where, said in after.items() if name in said] == []


def _telling(said: dict[str, str]) -> list[str]:
    """Which of these tell something of the distribution."""
    return [where for where, text in said.items() if "distsecret" in text.lower()]


def test_deleting_what_was_taken_back_changes_nothing_else_in_public(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    desk.state(where, "DRAFT")
    position, tag = desk.register.position(), desk.ask("GET", catalog).headers["ETag"]
    desk.ask("DELETE", where, "anna")
    assert desk.register.position() == position
    assert desk.ask("GET", catalog).headers["ETag"] == tag


def test_a_catalog_is_not_taken_from_under_its_datasets(desk: Desk) -> None:
    catalog = desk.catalog()
    dataset = desk.dataset(catalog)
    assert desk.state(catalog, "DRAFT").status_code == 409
    assert desk.ask("DELETE", catalog, "anna").status_code == 409
    desk.ask("DELETE", dataset, "anna")
    assert desk.state(catalog, "DRAFT").status_code == 200
    assert desk.ask("DELETE", catalog, "anna").status_code == 204


def test_deleting_leaves_a_tombstone_for_everybody(desk: Desk) -> None:
    where = desk.dataset(catalog := desk.catalog())
    assert desk.ask("DELETE", where, "anna").status_code == 204
    for who in ("", "anna", "bob"):
        assert desk.ask("GET", where, who).status_code == 410
    for answer in (
        desk.ask("DELETE", where, "anna"),
        desk.state(where, "PUBLISHED"),
        desk.put(where, a_dataset(catalog)),
    ):
        assert answer.status_code == 410
    assert where not in desk.ask("GET", catalog).text


def test_a_deleted_draft_never_was(desk: Desk) -> None:
    where = desk.made("dataset", a_dataset(desk.catalog()))
    assert desk.ask("DELETE", where, "anna").status_code == 204
    for who in ("", "anna"):
        assert desk.ask("GET", where, who).status_code == 404


def test_what_was_deleted_is_kept_by_nobody_here(desk: Desk) -> None:
    where = desk.made("dataset", a_dataset(desk.catalog(), title=SECRET))
    part = desk.made("distribution", a_distribution(where))
    desk.ask("DELETE", where, "anna")
    for each in (where, part):
        kept = desk.kept.get(each.rpartition("/")[2])
        assert kept is not None
        assert len(kept.content) == 0


# meta


def test_meta_tells_strangers_where_a_record_stands_and_no_state(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    said: Any = desk.ask("GET", f"{where}/meta").json
    assert (said["member"], said["state"]) == (None, None)
    assert [each["parent"] for each in said["path"].values()] == [None, BASE, catalog]
    assert said["path"][where]["title"] == "Exomes of hearts"


def test_meta_tells_its_steward_the_states_of_what_stands_in_it(desk: Desk) -> None:
    catalog = desk.catalog()
    public, draft = desk.dataset(catalog), desk.made("dataset", a_dataset(catalog))
    said: Any = desk.ask("GET", f"{catalog}/meta", "anna").json
    assert said["state"] == {
        "current": "PUBLISHED",
        "children": {public: "PUBLISHED", draft: "DRAFT"},
    }


def test_meta_of_the_root(desk: Desk) -> None:
    said: Any = desk.ask("GET", "/meta").json
    assert said["state"] is None
    assert list(said["path"]) == [BASE]


# what is written down


def test_every_write_is_in_the_audit_log(desk: Desk) -> None:
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    desk.put(where, a_dataset(catalog))
    desk.state(where, "DRAFT")
    desk.ask("DELETE", where, "anna")
    name = where.rpartition("/")[2]
    done = [(who, action) for who, action, subject in desk.log() if subject == name]
    words = ("created", "published", "changed", "withdrawn", "deleted")
    assert done == [("Anna", f"record-{word}") for word in words]


def test_what_is_described_here_is_a_source_that_is_never_harvested(desk: Desk) -> None:
    desk.dataset(desk.catalog())
    status = desk.register.source("submitted-noordzee")
    assert (status.protocol, status.enabled, status.owner) == ("submitted", False, "noordzee")
    assert desk.register.configured() == []
    assert "Described here" in desk.ask("GET", "/en/sources", Accept="text/html").text
    assert desk.ask("GET", f"/en/sources/{status.slug}", Accept="text/html").status_code == 200


def test_two_who_change_the_same_do_not_overwrite_each_other(desk: Desk) -> None:
    where = desk.made("catalog", a_catalog())
    before = desk.kept.get(where.rpartition("/")[2])
    submitting = desk.parts.submissions
    account = desk.people.desk.account(desk.people.anna)
    assert before is not None
    assert submitting is not None
    assert account is not None
    submitting.turn(before, "PUBLISHED", account)
    with pytest.raises(Superseded, match="somebody else"):
        submitting.delete(before, account)
    assert desk.ask("GET", where).status_code == 200


# who may write: role, organisation and route

WRITES = {
    "make": ("POST", "/dataset", lambda c, d: PREFIXES + a_dataset(c), 201),
    "replace": ("PUT", "{dataset}", lambda c, d: PREFIXES + a_dataset(c, f"<{d}>"), 200),
    "publish": ("PUT", "{dataset}/meta/state", lambda c, d: '{"current": "PUBLISHED"}', 200),
    "take back": ("PUT", "{dataset}/meta", lambda c, d: '{"current": "DRAFT"}', 200),
    "add to": ("POST", "/distribution", lambda c, d: PREFIXES + a_distribution(d), 201),
    "delete": ("DELETE", "{dataset}", lambda c, d: "", 204),
}
"""Every route that changes something of anna's, and what she gets."""
OF_ANOTHER = {"make": 403, "add to": 400}
"""What another organisation gets: the catalog is public, and a draft is not there."""


@pytest.mark.parametrize("who", ["", "anna", "bob", "ada"])
@pytest.mark.parametrize("write", WRITES)
def test_only_its_own_organisation_writes(desk: Desk, write: str, who: str) -> None:
    catalog = desk.catalog()
    dataset = desk.made("dataset", a_dataset(catalog))
    method, path, body, granted = WRITES[write]
    before = desk.log()
    answer = desk.ask(method, path.format(dataset=dataset), who, body(catalog, dataset))
    expected = {"": 401, "anna": granted, "bob": OF_ANOTHER.get(write, 404), "ada": 403}[who]
    assert answer.status_code == expected, answer.text
    assert who == "anna" or desk.log() == before


def test_every_route_that_writes_is_in_the_table_above(desk: Desk) -> None:
    rules = desk.app.url_map.iter_rules()
    written = {r.endpoint for r in rules if {"POST", "PUT", "DELETE"} & (r.methods or set())}
    ours = {"_".join(each.split("_")[:2]) for each in written if each.startswith("fdp_")}
    reading = {"fdp_token", "fdp_search"}
    assert ours == {"fdp_make", "fdp_replace", "fdp_delete", "fdp_set"} | reading


def test_a_cookie_without_its_word_writes_nothing(desk: Desk) -> None:
    browser = desk.app.test_client()
    browser.post("/en/sign-in", data={"token": desk.people.anna}, base_url=BASE)
    answer = browser.post(
        "/catalog", data=PREFIXES + a_catalog(), content_type="text/turtle", base_url=BASE
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_there_cannot_be_written(desk: Desk, path: str) -> None:
    for method in ("PUT", "DELETE"):
        answer = desk.ask(method, f"/{path}/neverexisted", "anna", PREFIXES)
        assert answer.status_code == 404
    assert desk.ask("PUT", f"/{path}/neverexisted", "", PREFIXES).status_code == 401


def test_what_a_catalog_of_another_organisation_holds_is_not_ours_to_fill(desk: Desk) -> None:
    answer = desk.post("dataset", a_dataset(desk.catalog("bob")))
    assert answer.status_code == 403
    assert "merwestad" in answer.json["detail"]


def test_a_description_does_not_move_to_another_organisation(desk: Desk) -> None:
    where = desk.dataset(desk.catalog())
    answer = desk.put(where, a_dataset(desk.catalog("bob"), f"<{where}>"))
    assert answer.status_code == 403
    assert DCT + "isPartOf" in desk.graph(where).predicates(node(where))
