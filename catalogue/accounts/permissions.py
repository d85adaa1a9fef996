"""What each role may do, and for whom: one table.

Everybody may read what is public, without an account. A steward answers for the sources and
descriptions of one organisation; an admin keeps the catalogue running. What is not in the
table is not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for."""

    STEWARD = "steward"
    ADMIN = "admin"


class Action(StrEnum):
    """Something that not everybody may do."""

    TEST_ADDRESS = "test-address"  # try what an address would give, before it is a source
    DECIDE_REMOVAL = "decide-removal"  # confirm or decline a removal that the brake stopped
    DECIDE_SOURCE = "decide-source"  # see, approve or refuse a source that announced itself
    SEE_DRAFTS = "see-drafts"  # descriptions of an organisation that are not public
    WRITE_RECORDS = "write-records"  # make, change or delete a description
    PUBLISH = "publish"  # make a draft public, or withdraw it


class Reach(StrEnum):
    """For which organisations a role may do something."""

    OWN = "own"
    ANY = "any"


PERMISSIONS: dict[tuple[Role, Action], Reach] = {
    (Role.STEWARD, Action.TEST_ADDRESS): Reach.ANY,
    (Role.STEWARD, Action.DECIDE_REMOVAL): Reach.OWN,
    (Role.STEWARD, Action.SEE_DRAFTS): Reach.OWN,
    (Role.STEWARD, Action.WRITE_RECORDS): Reach.OWN,
    (Role.STEWARD, Action.PUBLISH): Reach.OWN,
    (Role.ADMIN, Action.TEST_ADDRESS): Reach.ANY,
    (Role.ADMIN, Action.DECIDE_REMOVAL): Reach.ANY,
    (Role.ADMIN, Action.DECIDE_SOURCE): Reach.ANY,
    (Role.ADMIN, Action.SEE_DRAFTS): Reach.ANY,
    (Role.ADMIN, Action.WRITE_RECORDS): Reach.OWN,
    (Role.ADMIN, Action.PUBLISH): Reach.OWN,
}
"""An admin runs the catalogue and writes no descriptions in the name of another organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody with a token. `id` is that of the token, which is no secret."""

    id: str
    name: str
    organisation: str
    role: Role

    @property
    def actor(self) -> str:
        """How the audit log names them: `name (role of organisation, token id)`."""
        return f"{self.name} ({self.role} of {self.organisation}, token {self.id})"


def may(account: Account | None, action: Action, organisation: str | None = None) -> bool:
    """Whether `account` may do `action` to what belongs to `organisation`.

    `None` as organisation is for what belongs to nobody yet: only a reach of any will do.

    >>> anna = Account(id="a", name="Anna", organisation="merwestad", role=Role.STEWARD)
    >>> may(anna, Action.DECIDE_REMOVAL, "merwestad"), may(anna, Action.DECIDE_REMOVAL, "noord")
    (True, False)
    >>> may(None, Action.TEST_ADDRESS)
    False
    """
    if account is None:
        return False
    reach = PERMISSIONS.get((account.role, action))
    own = organisation is not None and organisation == account.organisation
    return reach is Reach.ANY or (reach is Reach.OWN and own)
