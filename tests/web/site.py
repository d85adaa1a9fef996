"""A site with a desk: stewards and admins who sign in, and what they decided."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from web import townhall
from web.reception import FakeDecisions, Reception, reception

from catalogue.web import create_app, session
from catalogue.web import parts as parts_of
from catalogue.web.pages import source_test
from catalogue.web.services import Services

HERE = townhall.BASE
PERSON = {"Accept": "text/html"}


@cache
def parts() -> Services:
    return townhall.services(checker=None)


@cache
def application(base: str) -> Any:
    """Made once for each address, because making it takes longer than asking it."""
    return create_app(parts(), townhall.settings(base_url=base))


class Site:
    """`sign_in` gives a browser with a cookie, `browser` one without."""

    def __init__(self, *, trier: Any = None, base_url: str = HERE) -> None:
        self.desk: Reception = reception()
        self.decisions = FakeDecisions()
        made = replace(
            parts(),
            desk=self.desk.desk,
            decisions=self.decisions,
            trier=trier,
            protocols=("dcat", "fdp"),
        )
        self.app = application(base_url)
        parts_of.install(self.app, made, townhall.settings(base_url=base_url))
        self.app.extensions[session.WINDOW] = session.wrong_tokens()
        source_test.install(self.app)

    def browser(self) -> Any:
        return self.app.test_client()

    def sign_in(self, token: str) -> Any:
        browser = self.browser()
        answer = browser.post("/en/sign-in", data={"token": token}, headers=PERSON, base_url=HERE)
        assert answer.status_code == 303, answer.text
        return browser

    def page(self, path: str, token: str = "") -> Any:
        browser = self.sign_in(token) if token else self.browser()
        return browser.get(path, headers=PERSON, base_url=HERE)

    def post(self, path: str, token: str = "", **data: str) -> Any:
        """Send a form as a browser does."""
        browser = self.sign_in(token) if token else self.browser()
        word = {"form_token": form_token(browser)} if token else {}
        return browser.post(path, data=data | word, headers=PERSON, base_url=HERE)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def form_token(browser: Any, path: str = "/en/sign-in") -> str:
    html = browser.get(path, headers=PERSON, base_url=HERE).text
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', html)
    assert found, html
    return found[1]
