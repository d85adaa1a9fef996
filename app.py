"""The composition root: settings → parts → the web application. Nobody imports this module.

`catalogue serve` starts `app:worker` in several processes; any other WSGI server can use
`app:create` as its factory, when a query engine or a remote store is running.
"""

from __future__ import annotations

import os
import sys

from flask import Flask

from catalogue.cli.parts import services
from catalogue.settings import Settings
from catalogue.store.engine.sandbox import die_with_parent
from catalogue.web import create_app

TURN = 0.001
"""Seconds after which a thread that computes lets another one go on. A request that only waits
for the query engine should not also wait for one that reads a long query or writes a page."""


def create() -> Flask:
    """The application, configured by the environment."""
    settings = Settings.from_environ(os.environ)
    settings.check()
    return create_app(services(settings), settings)


def worker() -> Flask:
    """The application in a worker of `catalogue serve`, which does not outlive its parent."""
    die_with_parent(os.getppid())
    sys.setswitchinterval(TURN)
    return create()
