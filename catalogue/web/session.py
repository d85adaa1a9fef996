"""Who is asking: a visitor, or a steward or admin with a token.

Programs send `Authorization: Bearer gcat_…` with each request. A browser shows the token once,
in a form, and gets a cookie that says nothing and only opens a session kept by the register.
Visitors never get a cookie.

What would surprise a reader: a form that changes something must carry the word that belongs to
its session. Without it the request is treated as a visitor's, who may change nothing, so that
no page elsewhere can act in the name of somebody who is signed in.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized

from catalogue.accounts.desk import SESSION, Desk
from catalogue.accounts.permissions import Account, Action, may
from catalogue.errors import BadRequest
from catalogue.settings import Settings
from catalogue.web.messages import gettext
from catalogue.web.parts import services, settings
from catalogue.web.rate import Window, client

FIELD = "form_token"
"""The field of a form that carries the word of its session."""
SAFE = ("GET", "HEAD", "OPTIONS")
IN_ADDRESS = ("token", "access_token", "api_key")
SCHEME = "bearer"
ATTEMPTS, ATTEMPT_SECONDS = 10, 600
"""Wrong tokens from one client before it must wait; a token that is right always works, since
many people may share an address and nobody guesses 200 bits."""
WINDOW = "wrong-tokens"


def install(app: Flask) -> None:
    """Let every view of `app` know who asks, through `account()`."""
    app.extensions[WINDOW] = wrong_tokens()
    app.before_request(_recognise)
    app.after_request(_keep_private)
    app.context_processor(lambda: {"account": signed_in(), "form_token": form_token})


def wrong_tokens() -> Window:
    """Counts the wrong tokens of each client."""
    return Window(ATTEMPTS, ATTEMPT_SECONDS)


def account() -> Account | None:
    """Who asks; `None` for a visitor, and for a form without the word of its session."""
    if g.get("account") is None and g.get("session"):
        g.account = g.known if request.method in SAFE or _proven(g.session) else None
    return cast("Account | None", g.get("account"))


def signed_in() -> Account | None:
    """Whose name a page shows: also on the answer to a form that changes nothing."""
    return cast("Account | None", g.get("known")) or account()


def allowed(action: Action, organisation: str | None = None) -> bool:
    """Whether whoever asks may do this."""
    return may(account(), action, organisation)


def require(action: Action, organisation: str | None = None) -> Account:
    """Whoever asks, who may do this. Raises `Unauthorized` (401) or `Forbidden` (403)."""
    asker = account()
    if asker is None and g.get("session"):
        raise Forbidden(gettext("This form is out of date. Open the page again and retry."))
    if asker is None:
        raise unauthorized(gettext("Sign in with the token of a steward or admin to do this."))
    if not may(asker, action, organisation):
        raise Forbidden(gettext("Your token does not allow this."))
    return asker


def form_token() -> str:
    """The word that a form of this session must carry; empty for a visitor."""
    secret = g.get("session")
    return _word(secret) if secret else ""


def desk() -> Desk | None:
    """Where tokens are recognised; `None` in a site without accounts."""
    return services().desk


def open_session(response: Response, text: str) -> bool:
    """Put a session in the cookie of `response` when the token is right.

    An earlier session of the same browser is ended. Raises `TooManyRequests`.
    """
    there = desk()
    secret = there.sign_in(text.strip()) if there else None
    if secret is None or there is None:
        _count_wrong()
        return False
    if g.get("session"):
        there.sign_out(g.session)
    response.set_cookie(
        cookie_name(settings()),
        _signer().sign(secret).decode(),
        max_age=SESSION,
        secure=_encrypted(settings()),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return True


def close_session(response: Response) -> None:
    """End the session here and in the browser."""
    secret, there = g.get("session"), desk()
    if secret and there:
        there.sign_out(secret)
    response.delete_cookie(
        cookie_name(settings()),
        secure=_encrypted(settings()),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def from_here() -> bool:
    """Whether a form was sent from a page of this site, as far as the browser says."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") in (None, "same-origin", "none")
    return urlsplit(origin).netloc in (request.host, urlsplit(settings().base_url).netloc)


def cookie_name(of: Settings) -> str:
    """`__Host-` binds the cookie to this very host; browsers take it over HTTPS only."""
    return "__Host-gcat" if _encrypted(of) else "gcat"


def unauthorized(why: str) -> Unauthorized:
    """401 with the way to be let in (RFC 6750 §3)."""
    error = Unauthorized(why)
    g.challenge = 'Bearer realm="Genoomcatalogus"'
    return error


def _recognise() -> None:
    g.account = g.session = None
    _refuse_in_address()
    text = _bearer()
    if text is not None:
        g.account = _by_token(text)
    elif request.endpoint != "static" and (secret := _cookie()):
        _continue(secret)


def _refuse_in_address() -> None:
    """A token in an address ends up in logs and histories."""
    named = [name for name in IN_ADDRESS if name in request.args]
    if named or "gcat_" in request.query_string.decode("latin-1"):
        raise BadRequest(
            f"{(named or ['token'])[0]}: a token is never read from an address; send it as "
            "Authorization: Bearer, and revoke this one, for addresses are kept in logs"
        )


def _bearer() -> str | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == SCHEME else None


def _by_token(text: str) -> Account:
    there = desk()
    found = there.account(text) if there else None
    if found is None:
        _count_wrong()
        error = unauthorized(gettext("This token is wrong, was revoked or has expired."))
        g.challenge += ', error="invalid_token"'
        raise error
    return found


def _count_wrong() -> None:
    """One more wrong token. Raises `TooManyRequests` when there were too many."""
    window = cast(Window, current_app.extensions[WINDOW])
    seconds = window.take(client())
    if seconds:
        error = TooManyRequests(retry_after=seconds)
        error.description = gettext("Too many wrong tokens came from this address.")
        raise error


def _cookie() -> str | None:
    """The secret in the cookie, when we signed it."""
    written = request.cookies.get(cookie_name(settings()))
    if not written:
        return None
    try:
        return _signer().unsign(written).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _continue(secret: str) -> None:
    """Go on with a session that lasts; `account` looks whether its word came along."""
    there = desk()
    found = there.visitor(secret) if there else None
    if found is not None:
        g.session, g.known = secret, found


def _proven(secret: str) -> bool:
    said = request.form.get(FIELD, "")
    return from_here() and hmac.compare_digest(said.encode(), _word(secret).encode())


def _word(secret: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"form " + secret.encode(), hashlib.sha256).hexdigest()


def _signer() -> Signer:
    key = current_app.config["SECRET_KEY"]
    return Signer(key, salt="session", key_derivation="hmac", digest_method=hashlib.sha256)


def _encrypted(of: Settings) -> bool:
    return of.base_url.startswith("https:")


def _keep_private(response: Response) -> Response:
    """No cache keeps what somebody with a token sees."""
    if g.get("account") is not None or g.get("session"):
        response.headers["Cache-Control"] = "private, no-store"
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    challenge: Any = g.get("challenge")
    if response.status_code == 401 and challenge:
        response.headers["WWW-Authenticate"] = challenge
    return response
