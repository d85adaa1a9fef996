"""What a steward took back stays back, in one's own name only, also when two act at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from given import NOON
from web.test_fdp_write import harvested
from web.writing import Desk, a_catalog, a_dataset, a_distribution, writing

from catalogue.accounts.permissions import Account
from catalogue.register.submitted import Reading, Submission, Submissions, Write
from catalogue.submissions.desk import Submitting
from catalogue.submissions.states import Conflict

SECRET = "SECRETDIST"
FORMS = ("ttl", "jsonld", "rdf", "nt", "html")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with writing(tmp_path_factory.mktemp("desk")) as made:
        seconds = (NOON + timedelta(seconds=number) for number in count())
        made.kept.now = lambda: next(seconds)
        yield made


# what was taken back


def a_secret(dataset: str) -> str:
    turtle = a_distribution(dataset).replace("Variants", SECRET)
    return turtle.replace("dcat:accessURL", f'dct:rights [ dct:title "{SECRET}" ] ; dcat:accessURL')


def past(desk: Desk, dataset: str) -> str:
    """What every version of a dataset says, in every form."""
    name = dataset.rpartition("/")[2]
    moments = [each.since for each in desk.register.public_versions(name)]
    assert moments
    said = [str(desk.register.public_version(name, each).n_triples()) for each in moments]
    stamps = {f"{each:%Y%m%d%H%M%S}" for each in moments}
    said += [
        desk.ask("GET", f"{dataset}/versions/{each}?format={form}").text
        for each in sorted(stamps)
        for form in FORMS
    ]
    return "\n".join(said)


def test_a_distribution_that_was_taken_back_or_deleted_is_in_no_version(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    kept = desk.publish(desk.made("distribution", a_distribution(dataset)))
    part = desk.publish(desk.made("distribution", a_secret(dataset)))
    assert SECRET in past(desk, dataset)
    for step in (lambda: desk.state(part, "DRAFT"), lambda: desk.ask("DELETE", part, "anna")):
        assert step().status_code < 300
        said = past(desk, dataset)
        assert SECRET not in said
        assert part not in said
        assert kept in said


def test_a_distribution_that_came_back_has_no_past_from_before(desk: Desk) -> None:
    dataset = desk.dataset(desk.catalog())
    part = desk.publish(desk.made("distribution", a_secret(dataset)))
    desk.state(part, "DRAFT")
    desk.put(part, a_distribution(dataset, f"<{part}>"))
    desk.publish(part)
    said = past(desk, dataset)
    assert SECRET not in said
    assert part in said


def test_a_public_distribution_does_not_move_and_stay_behind_as_well(desk: Desk) -> None:
    catalog = desk.catalog()
    one, other = desk.dataset(catalog), desk.dataset(catalog)
    part = desk.publish(desk.made("distribution", a_secret(one)))
    moved = a_distribution(other, f"<{part}>")
    answer = desk.put(part, moved)
    assert answer.status_code == 409
    assert "withdraw it before" in answer.json["detail"]
    desk.state(part, "DRAFT")
    assert desk.put(part, moved).status_code == 200
    desk.publish(part)
    assert part in desk.ask("GET", other).text
    assert part not in desk.ask("GET", one).text + past(desk, one)


def test_a_distribution_that_left_with_a_change_of_its_dataset_is_in_no_version(
    desk: Desk,
) -> None:
    catalog = desk.catalog()
    inside = "dcat:distribution <https://umc.example/v> ; dct:subject <urn:x> ;"
    described = f' <https://umc.example/v> a dcat:Distribution ; dct:title "{SECRET}" ;'
    described += " dcat:accessURL <https://umc.example/ask> ."
    dataset = desk.publish(desk.made("dataset", a_dataset(catalog, more=inside) + described))
    assert SECRET in past(desk, dataset)
    desk.put(dataset, a_dataset(catalog, f"<{dataset}>"))
    assert SECRET not in past(desk, dataset)


def test_a_copy_of_a_version_is_not_called_fresh_after_something_was_taken_out(
    desk: Desk,
) -> None:
    dataset = desk.dataset(desk.catalog())
    part = desk.publish(desk.made("distribution", a_secret(dataset)))
    (moment, *_) = desk.register.public_versions(dataset.rpartition("/")[2])[-1:]
    path = f"{dataset}/versions/{moment.since:%Y%m%d%H%M%S}?format=ttl"
    tag = desk.ask("GET", path).headers["ETag"]
    assert desk.ask("GET", path, If_None_Match=tag).status_code == 304
    desk.state(part, "DRAFT")
    assert desk.ask("GET", path, If_None_Match=tag).status_code != 304


# whose name


def named(turtle: str, publisher: str) -> str:
    return turtle.replace('"Noordzee UMC"@en', publisher)


WADDENLAND = '"Merwestad Hospital"@en'
"""How the holder of the harvested record is called, for which merwestad speaks."""
TWO = '"Noordzee UMC"@en ] , [ a foaf:Agent ; foaf:name "Merwestad Hospital"@en'


@pytest.mark.parametrize(
    "publisher",
    [
        '"Merwestad Hospital"@nl , "Noordzee UMC"@en',
        '"Merwestad"@fy , "Noordzee UMC"@en',
        TWO,
        TWO.replace("foaf:name", "skos:prefLabel"),
        '"  MERWESTAD   hospital"',
    ],
)
def test_no_name_of_any_publisher_is_that_of_another_organisation(
    desk: Desk, publisher: str
) -> None:
    harvested(desk, "harvested123")
    catalog = desk.catalog()
    where = desk.dataset(catalog)
    for answer in (
        desk.post("dataset", named(a_dataset(catalog), publisher)),
        desk.post("catalog", named(a_catalog(), publisher)),
        desk.put(where, named(a_dataset(catalog, f"<{where}>"), publisher)),
    ):
        assert answer.status_code == 403
        assert "merwestad speaks for" in answer.json["detail"]


def test_a_name_that_another_speaks_for_by_now_can_still_be_taken_back(desk: Desk) -> None:
    where = desk.publish(desk.made("catalog", named(a_catalog(), TWO)))
    harvested(desk, "harvested123")
    assert desk.state(where, "DRAFT").status_code == 200
    assert desk.state(where, "PUBLISHED").status_code == 403


@pytest.mark.parametrize("name", ['"Kopsterland Institute"@en', '"Instituut Kopsterland"@nl'])
def test_who_only_writes_here_has_its_name_for_itself(desk: Desk, name: str) -> None:
    both = '"Kopsterland Institute"@en , "Instituut Kopsterland"@nl'
    desk.publish(desk.made("catalog", named(a_catalog(), both)))
    answer = desk.post("catalog", named(a_catalog(), name), "bob")
    assert answer.status_code == 403
    assert "noordzee speaks for" in answer.json["detail"]
    assert desk.post("catalog", named(a_catalog(), both)).status_code == 201


def test_names_in_another_script_are_not_all_the_same(desk: Desk) -> None:
    desk.publish(desk.made("catalog", named(a_catalog(), '"Noordzee"@en , "北海"@zh')))
    mine = named(a_catalog(), '"Merwestad"@en , "医院"@zh')
    assert desk.post("catalog", mine, "bob").status_code == 201
    assert desk.post("catalog", mine.replace("医院", "北海"), "bob").status_code == 403


# two at once


class Late(Submissions):
    """Before its first change is written, somebody else does something."""

    before: Callable[[], object] | None = None

    def change(
        self,
        before: Submission,
        after: Submission,
        write: Write,
        check: Callable[[Reading], None] = lambda _: None,
    ) -> None:
        first, self.before = self.before, None
        if first is not None:
            first()
        super().change(before, after, write, check)


def late(desk: Desk, first: Callable[[], object]) -> tuple[Submitting, Account]:
    """Anna, who has read everything, when somebody else does something first."""
    kept = Late(desk.register.engine, desk.kept.now)
    kept.before = first
    account = desk.people.desk.account(desk.people.anna)
    assert account is not None
    usual = desk.parts.submissions
    assert isinstance(usual, Submitting)
    return Submitting(desk.register, kept, usual._at_hand), account


def kept(desk: Desk, where: str) -> Submission:
    found = desk.kept.get(where.rpartition("/")[2])
    assert found is not None
    return found


def test_nothing_becomes_public_in_a_catalog_that_is_taken_back_meanwhile(desk: Desk) -> None:
    catalog = desk.catalog()
    dataset = desk.made("dataset", a_dataset(catalog))
    anna, account = late(desk, lambda: desk.state(catalog, "DRAFT"))
    with pytest.raises(Conflict, match="publish it first"):
        anna.turn(kept(desk, dataset), "PUBLISHED", account)
    assert (desk.ask("GET", catalog).status_code, desk.ask("GET", dataset).status_code) == (
        410,
        404,
    )
    assert [action for _, action, subject in desk.log() if subject in dataset] == ["record-created"]


@pytest.mark.parametrize("delete", [False, True])
def test_no_catalog_is_taken_from_under_what_becomes_public_meanwhile(
    desk: Desk, delete: bool
) -> None:
    catalog = desk.catalog()
    anna, account = late(desk, lambda: desk.dataset(catalog))
    known = kept(desk, catalog)
    with pytest.raises(Conflict, match="are public"):
        anna.delete(known, account) if delete else anna.turn(known, "DRAFT", account)
    assert desk.ask("GET", catalog).status_code == 200
