from __future__ import annotations

from inspect import isgeneratorfunction

import pytest

import harvesters
from catalogue.errors import NotFound


@pytest.mark.parametrize("name", harvesters.names())
def test_every_module_in_the_folder_is_a_harvester(name: str) -> None:
    assert isgeneratorfunction(harvesters.load(name))


def test_the_protocols_are_those_of_the_files() -> None:
    assert {"dcat", "fdp", "files"} <= set(harvesters.names())


@pytest.mark.parametrize("name", ["gopher", "", "os", "../app", "fdp.harvest"])
def test_a_protocol_that_nobody_wrote_is_not_found(name: str) -> None:
    with pytest.raises(NotFound, match="there are: ckan, dcat"):
        harvesters.load(name)
