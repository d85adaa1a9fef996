"""The parts of the application that a view may ask for."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from catalogue.settings import Settings
from catalogue.web.language import language
from catalogue.web.present.reader import Reader
from catalogue.web.services import Services

KEY = "catalogue"


def install(app: Flask, services: Services, settings: Settings) -> None:
    """Give the views of `app` their parts."""
    app.extensions[KEY] = (services, settings)


def services() -> Services:
    """The services of this application."""
    return cast("Services", current_app.extensions[KEY][0])


def settings() -> Settings:
    """The settings of this application."""
    return cast("Settings", current_app.extensions[KEY][1])


def reader() -> Reader:
    """Whoever reads the answer, with the vocabulary."""
    return Reader(language(), services().vocabulary)
