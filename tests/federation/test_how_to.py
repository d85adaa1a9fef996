"""What the page for operators says is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from catalogue.federation.asking import MOST_ROWS
from catalogue.federation.parts import MOST_PARTS, take_apart
from catalogue.federation.peers import Peers
from catalogue.federation.store import JOINED_BYTES, SHARE
from catalogue.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "ask-your-peers.md").read_text("utf-8")


def block(kind: str) -> str:
    [found] = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_example_asks_a_peer_of_the_list() -> None:
    [setting] = shlex.split(block("sh"))
    name, _, value = setting.partition("=")
    peers = Peers.read(Settings.from_environ({name: value}).peers)
    [part] = take_apart(block("sparql"), "https://catalogue.example/sparql").parts
    assert peers.at(part.endpoint) is not None


def test_the_limits_are_those_of_the_code() -> None:
    for said in (f"{MOST_ROWS:,}", f"| {MOST_PARTS}, none", f"{JOINED_BYTES:,}", f"{SHARE:.0%}"):
        assert said.replace("60%", "60 %") in PAGE
