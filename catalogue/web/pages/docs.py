"""The documentation of the JSON API for people, made from its OpenAPI document."""

from __future__ import annotations

from flask import render_template

from catalogue.web.openapi import openapi
from catalogue.web.parts import settings
from catalogue.web.present.reference import reference


def show() -> str:
    """Every address with its parameters, its answers and an example."""
    return render_template("docs.html", reference=reference(openapi(settings().base_url)))
