"""An agent belongs to the organisation that publishes under its address."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from given import a_draft, a_graph
from story import Story

from catalogue.model.source import Source
from catalogue.register import migrations
from catalogue.register.migrations import migrate
from catalogue.register.records import RunState
from catalogue.register.register import Register

US = "https://umc.example/organisation"  # on the host of the source merwestad
ROR = "https://ror.example/1"


@pytest.fixture
def told(register: Register) -> Story:
    return Story(register)


def publish(told: Story, source: str, name: str, agent: str, **changes: object) -> None:
    """A public dataset of a source, published as an agent that it calls by the source's name."""
    url = "https://umc.example/" if source == "merwestad" else f"https://{source}.example/"
    told.writer.save_source(Source(slug=source, title=source, protocol="fdp", url=url))
    ours = f"{told.base}/dataset/{name}"
    graph = a_graph(f'<{ours}> dct:publisher <{agent}> . <{agent}> foaf:name "{source}" .')
    given = {"public": graph, "publishers": (agent,), **changes}
    run = told.writer.begin(source)
    told.writer.save(run, a_draft(name, **given))
    told.writer.finish(run, RunState.PARTIAL)


def owners(told: Story, agent: str, *asking: str) -> list[str]:
    """Whose it is, for each of those who ask; empty for one's own."""
    found = (told.register.theirs(each, [agent]) for each in asking)
    return [each[agent].owner if each else "" for each in found]


def test_whoever_was_first_has_it(told: Story) -> None:
    publish(told, "first", "a", ROR)
    publish(told, "second", "b", ROR)
    assert owners(told, ROR, "first", "second", "third") == ["", "first", "first"]
    (theirs,) = told.register.theirs("second", [ROR]).values()
    assert {each.object.value for each in theirs.says} == {"first"}


def test_being_here_for_long_does_not_make_one_first(told: Story) -> None:
    publish(told, "second", "b", "https://second.example/us")
    told.now = told.now.replace(hour=13)
    publish(told, "first", "a", ROR)
    told.now = told.now.replace(hour=14)
    publish(told, "second", "b", ROR)
    assert owners(told, ROR, "first", "second") == ["", "first"]
    assert owners(told, "https://second.example/us", "third") == [""]


def test_whoever_is_on_its_host_comes_before_whoever_was_first(told: Story) -> None:
    publish(told, "second", "b", US)
    assert owners(told, US, "second", "merwestad", "third") == ["", "", "second"]
    publish(told, "merwestad", "a", US)
    assert owners(told, US, "second", "merwestad", "third") == ["merwestad", "", "merwestad"]


def test_what_is_not_public_counts_for_nothing(told: Story) -> None:
    publish(told, "first", "a", ROR, reason="minimum")
    assert owners(told, ROR, "second") == [""]
    publish(told, "merwestad", "b", ROR)
    assert owners(told, ROR, "second") == ["merwestad"]
    told.withdraw("b")
    assert owners(told, ROR, "second") == [""]


def test_who_calls_a_record_as_another_does_may_not_speak_of_theirs(told: Story) -> None:
    iri = "https://umc.example/d"
    publish(told, "first", "a", ROR, source_iri=iri)
    assert owners(told, iri, "first", "second") == ["", "first"]
    told.now = told.now.replace(hour=13)
    publish(told, "second", "b", ROR, source_iri=iri)
    assert owners(told, iri, "first", "second", "third") == ["second", "first", "first"]


def test_of_what_was_public_before_it_is_known_as_whom(told: Story) -> None:
    publish(told, "first", "a", ROR)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with told.register.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    migrate(told.register.engine)
    assert owners(told, ROR, "first", "second") == ["", "first"]
