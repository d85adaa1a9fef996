"""The bare list of what is public."""

from __future__ import annotations

from pathlib import Path

from story import Story

from catalogue.register.register import Register


def test_only_what_is_public_now_is_listed(tmp_path: Path) -> None:
    register = Register.open(f"sqlite:///{tmp_path}/r.sqlite", "https://catalogue.example")
    story = Story(register)
    story.catalog("k")
    for name in ("b", "a", "gone"):
        story.list(name, "k")
    story.save("held", reason="minimum")
    story.withdraw("gone")
    found = register.public_names()
    assert [(kind, name) for kind, name, _ in found] == [
        ("catalog", "k"),
        ("dataset", "a"),
        ("dataset", "b"),
    ]
    assert found[1][2] > found[2][2] > found[0][2]
    register.close()
