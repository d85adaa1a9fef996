"""Scores, the league and the reports on published records, for people and for machines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyoxigraph as ox
import pytest
from given import a_graph
from web import townhall
from web.test_pages import outline

from catalogue.model.dataset import Dataset
from catalogue.namespaces import DQV, GC, SH, Iri
from catalogue.rdf.graph import Graph
from catalogue.web.present.reports import reports_of
from catalogue.web.scores import Scorer

TODAY = date(2026, 11, 22)
PATHS = (
    "/quality",
    "/dataset/small/report",
    "/dataset/rich/report",
    "/catalog/noord/report",
    "/dataset/rich",
    "/catalog/noord",
    "/organisation/noordzee",
)


def parsed(response: Any) -> Graph:
    return Graph(q.triple for q in ox.parse(response.data, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_sound_in_both_languages(page: Any, path: str, language: str) -> None:
    response = page(f"/{language}{path}")
    found = outline(response.text)
    assert response.status_code == 200
    assert len(found.all("h1")) == 1
    ids = [a["id"] for _, a in found.met if "id" in a]
    assert len(ids) == len(set(ids))


def test_a_dataset_shows_both_scores_and_what_brings_most_points(page: Any) -> None:
    html = page("/nl/dataset/small").text
    assert "Score voor gecontroleerde toegang" in html
    assert "/ 405" in html
    assert '<span class="points">+ ' in html


def test_points_that_nobody_checked_are_told_apart(page: Any) -> None:
    assert "80 points not checked" in page("/en/dataset/rich").text


def test_closed_data_are_not_told_to_offer_a_download(page: Any) -> None:
    assert "dcat:downloadURL" not in page("/en/dataset/rich").text.partition('id="raw"')[0]


def test_the_league_names_catalogs_and_organisations_with_their_best_fix(page: Any) -> None:
    html = page("/en/quality").text
    for name in ("Catalogue of Noordzee", "IJsselstroom Cancer Centre"):
        assert name in html
    assert "6 descriptions have no date" in html


def test_the_league_is_there_for_programs(client: Any) -> None:
    said = client.get("/quality?format=json").json
    assert said["datasets"] == len(townhall.DATASETS)
    assert {each["id"] for each in said["organisations"]} == set(townhall.HOLDERS)


def test_machines_get_the_measurements_of_both_scores(client: Any) -> None:
    graph = parsed(client.get("/dataset/rich/quality", headers={"Accept": "text/turtle"}))
    found = graph.objects(
        ox.NamedNode(f"{townhall.BASE}/dataset/rich"), DQV + "hasQualityMeasurement"
    )
    assert ox.NamedNode(f"{townhall.BASE}/dataset/rich/quality/mqa") in found
    assert ox.NamedNode(f"{townhall.BASE}/dataset/rich/quality/controlled-access") in found
    said = client.get("/dataset/rich/quality?format=json").json
    assert [each["scheme"] for each in said["scores"]] == ["controlled-access", "mqa"]


def test_people_are_sent_to_the_page_of_the_dataset(page: Any) -> None:
    response = page("/nl/dataset/rich/quality")
    assert response.status_code == 303
    assert response.headers["Location"] == "/nl/dataset/rich#quality"


def test_the_vocabulary_describes_what_is_measured(client: Any) -> None:
    graph = parsed(client.get("/ns", headers={"Accept": "text/turtle"}))
    metrics = graph.instances(DQV + "Metric")
    assert ox.NamedNode(GC + "metric-mqa") in metrics
    assert ox.NamedNode(GC + "metric-controlled-access") in metrics


# --- reports -------------------------------------------------------------------------------


def test_the_report_says_what_changed_since_the_version_before(page: Any) -> None:
    html = page("/nl/dataset/small/report").text
    assert "Wat er met elke versie veranderde" in html
    assert 'verholpen: <span class="num">1</span>' in html
    assert "dct:publisher" in html
    assert "de eerste versie" in html


def test_a_report_is_there_as_json_and_as_a_validation_report(client: Any) -> None:
    said = client.get("/dataset/small/report?format=json").json
    assert [each["profile"] for each in said["reports"]] == ["minimum", "health-ri-core-2"]
    assert [each["number"] for each in said["versions"]] == [2, 1]
    asked = client.get("/dataset/small/report", headers={"Accept": "application/json"})
    assert asked.json == said
    graph = parsed(client.get("/dataset/small/report", headers={"Accept": "text/turtle"}))
    assert len(graph.instances(SH + "ValidationReport")) == 2


@pytest.mark.parametrize(("path", "status"), [("/dataset/nope", 404), ("/dataset/old", 410)])
def test_what_is_not_public_has_no_report_and_no_score(page: Any, path: str, status: int) -> None:
    assert page(f"/en{path}/report").status_code == status
    assert page(f"/en{path}/quality").status_code == status


def test_a_report_speaks_of_a_record_by_our_name_for_it() -> None:
    finding = {**townhall.FINDING, "focus": "https://fdp.example/dataset/rich / dct:publisher"}
    report = {**townhall.REPORTS[1], "findings": [finding]}
    found = townhall.published(townhall.RICH, townhall.IJSSEL)
    (ours,) = reports_of(type(found)(**{**fields(found), "reports": (report,)}))
    assert ours.findings[0].focus == f"{townhall.BASE}/dataset/rich / dct:publisher"


def fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


# --- the scorer ----------------------------------------------------------------------------


class Records:
    """A register that counts how often it is read."""

    def __init__(self) -> None:
        self.read = 0
        self.log: list[tuple[int, str, str, str]] = []
        self.public = {each.record.id: each for each in townhall.DATASETS}

    def position(self) -> int:
        return len(self.log)

    def published(self, kind: str) -> Any:
        self.read += 1
        return list(self.public.values())

    def datasets(self, identifiers: Any) -> Any:
        return [self.public[each] for each in identifiers if each in self.public]

    def changes_since(self, position: int, limit: int = 1000) -> Any:
        return self.log[position : position + 1]


def test_the_league_is_made_again_only_when_something_was_published() -> None:
    register, scorer = Records(), Scorer(today=lambda: TODAY)
    assert scorer.league(register) is scorer.league(register)
    register.log.append((1, "noord", "catalog", "changed"))
    scorer.league(register)
    assert register.read == 1


def test_the_league_follows_what_is_added_and_withdrawn() -> None:
    register, scorer = Records(), Scorer(today=lambda: TODAY)
    rich = register.public.pop("rich")
    assert scorer.league(register).datasets == 5
    register.public["rich"] = rich
    del register.public["small"], register.public["bare"]
    register.log += [
        (1, "rich", "dataset", "added"),
        (2, "small", "dataset", "withdrawn"),
        (3, "bare", "dataset", "withdrawn"),
    ]
    found = scorer.league(register)
    assert found.datasets == 4
    assert found == Scorer(today=lambda: TODAY).league(register)


def test_a_score_is_remembered_by_version_and_forgotten_when_there_are_many() -> None:
    scorer = Scorer(most=1)
    rich, small = townhall.DATASETS[:2]
    first = scorer.of(rich)
    assert scorer.of(rich) is first
    scorer.of(small)
    again = scorer.of(rich)
    assert again is not first
    assert again == first


def test_scores_have_their_criteria_in_common() -> None:
    scorer = Scorer()
    first, second = (scorer.of(each).european.criteria for each in townhall.DATASETS[2:4])
    assert any(one is other for one, other in zip(first, second, strict=True))


def test_what_was_dated_more_than_a_year_ago_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    iri = Iri(f"{townhall.BASE}/dataset/stale")
    stale = townhall.published(Dataset(iri=iri, title=townhall.text("Stale")), townhall.IJSSEL)
    graph = a_graph(f'<{iri}> a dcat:Dataset ; dct:modified "2024-01-01"^^xsd:date .')
    dated = type(stale)(**{**fields(stale), "graph": graph})
    register = Records()
    monkeypatch.setattr(register, "published", lambda kind: [dated])
    (due,) = Scorer(today=lambda: TODAY).league(register).due
    assert (due.name, due.since) == ("stale", date(2024, 1, 1))


def test_an_empty_catalogue_has_an_empty_league(monkeypatch: pytest.MonkeyPatch) -> None:
    register = Records()
    monkeypatch.setattr(register, "published", lambda kind: [])
    assert Scorer(today=lambda: TODAY).league(register).datasets == 0


def test_a_check_that_broke_off_is_no_verdict_of_dcat_ap() -> None:
    broken = {**townhall.FINDING, "component": "timed-out"}
    report = {"profile": "dcat-ap-3", "level": "does-not-conform", "findings": [broken]}
    rich = townhall.DATASETS[0]
    changed = type(rich)(**{**fields(rich), "reports": (report,)})
    verdicts = {c.key: c.met for c in Scorer().of(changed).european.criteria}
    assert verdicts["dcat-ap"] is None
    assert datetime.now(UTC).date() <= Scorer().today()
