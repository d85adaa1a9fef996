"""The composition root: settings → parts → the web application. Nobody imports this module.

`catalogue serve` starts `app:worker` in several processes; any other WSGI server can use
`app:create` as its factory, when a query engine or a remote store is running.
"""

from __future__ import annotations

import os

from flask import Flask

from catalogue.cli.parts import services
from catalogue.settings import Settings
from catalogue.store.engine.sandbox import die_with_parent
from catalogue.web import create_app


def create() -> Flask:
    """The application, configured by the environment."""
    settings = Settings.from_environ(os.environ)
    settings.check()
    return create_app(services(settings), settings)


def worker() -> Flask:
    """The application in a worker of `catalogue serve`, which does not outlive its parent."""
    die_with_parent(os.getppid())
    return create()
