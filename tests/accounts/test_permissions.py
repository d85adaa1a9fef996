"""Who may do what, for whom."""

from __future__ import annotations

import doctest
from itertools import product
from types import ModuleType

import pytest

from catalogue.accounts import permissions, token
from catalogue.accounts.permissions import PERMISSIONS, Account, Action, Reach, Role, may
from catalogue.web import rate
from catalogue.web.pages import steward

OWN_ONLY = {Action.DECIDE_REMOVAL, Action.SEE_DRAFTS, Action.WRITE_RECORDS, Action.PUBLISH}


def somebody(role: Role) -> Account:
    return Account(id="a", name="Anna", organisation="merwestad", role=role)


@pytest.mark.parametrize("action", Action)
def test_a_visitor_may_nothing(action: Action) -> None:
    assert not may(None, action, "merwestad")
    assert not may(None, action)


@pytest.mark.parametrize("action", sorted(OWN_ONLY))
def test_a_steward_acts_for_the_own_organisation_only(action: Action) -> None:
    anna = somebody(Role.STEWARD)
    assert may(anna, action, "merwestad")
    assert not may(anna, action, "noordzee")
    assert not may(anna, action)


def test_a_steward_does_not_decide_which_sources_there_are() -> None:
    for organisation in ("merwestad", None):
        assert not may(somebody(Role.STEWARD), Action.DECIDE_SOURCE, organisation)


def test_an_admin_decides_about_every_source() -> None:
    ada = somebody(Role.ADMIN)
    assert may(ada, Action.DECIDE_SOURCE)
    assert may(ada, Action.DECIDE_REMOVAL, "noordzee")


@pytest.mark.parametrize("action", [Action.WRITE_RECORDS, Action.PUBLISH])
def test_an_admin_writes_nothing_in_the_name_of_another_organisation(action: Action) -> None:
    assert may(somebody(Role.ADMIN), action, "merwestad")
    assert not may(somebody(Role.ADMIN), action, "noordzee")


def test_a_source_of_nobody_belongs_to_no_steward() -> None:
    nobody = Account(id="a", name="x", organisation="", role=Role.STEWARD)
    assert not may(nobody, Action.DECIDE_REMOVAL)


def test_what_reaches_any_organisation_reaches_the_own_one() -> None:
    for role, action in product(Role, Action):
        if PERMISSIONS.get((role, action)) is Reach.ANY:
            assert may(somebody(role), action, "merwestad")


@pytest.mark.parametrize("module", [permissions, token, rate, steward])
def test_examples_in_the_documentation_are_true(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted > 0
    assert tried.failed == 0
