"""One thread's HTTP connection to a panel: it sends a request and returns an answer or a failure, without judgement."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning

from pulumi_virtfusion.api.http.answer import Answer, Failure
from pulumi_virtfusion.api.http.answer_limits import POOLS, TooLarge, read_body
from pulumi_virtfusion.api.http.call import Call
from pulumi_virtfusion.api.http.compression import ACCEPTED
from pulumi_virtfusion.api.http.route import Route
from pulumi_virtfusion.api.http.sending import observed
from pulumi_virtfusion.api.http.settings import ClientSettings
from pulumi_virtfusion.api.http.tls import trust, untrusted

CONNECT_TIMEOUT = 10.0
HANDSHAKE_FAILURES = {
    "NO_PROTOCOLS_AVAILABLE",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
}
"""TLS errors that no repetition cures."""


class Connection:
    """A `requests.Session` with the panel's settings; not to be shared between threads."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._last_used = time.monotonic()
        self.route = Route.to(settings.root)
        self.session = requests.Session()
        # With trust_env, an entry in ~/.netrc would replace our Authorization header. Proxies are still honoured.
        self.session.trust_env = False
        self.session.proxies.update(self.route.proxies)
        self.session.verify = not settings.insecure
        if settings.insecure:
            urllib3.disable_warnings(InsecureRequestWarning)
        self.session.mount("http://", _Adapter(None))
        if settings.root.startswith("https:"):
            self.session.mount("https://", _Adapter(trust(settings.ca_bundle, settings.insecure)))
        self.session.headers.update(
            {
                "Accept": "application/json",
                "Accept-Encoding": ACCEPTED,
                "Authorization": f"Bearer {settings.token.reveal()}",
                "User-Agent": settings.user_agent,
            }
        )

    def exchange(self, call: Call, timeout: float) -> Answer | Failure:
        """Send `call` once; `timeout` limits the whole answer after the connection, in seconds."""
        body = None if call.body is None else json.dumps(call.body).encode()
        idle = time.monotonic() - self._last_used
        if not call.operation.repeatable and idle > self._settings.retry_policy.idle_connection:
            self.session.close()  # it connects anew with the next request
        by_connection = isinstance(self.session.get_adapter(self._settings.root), _Adapter)
        with observed(by_connection=by_connection) as sending:
            try:
                with self._send(call, body, timeout) as response:
                    answer = _answer(response)
            except Exception as error:  # after any error, the request may have been sent and its answer lost
                return _lost(error, timeout) if sending.begun else _unsent(error, min(CONNECT_TIMEOUT, timeout))
            finally:
                self._last_used = time.monotonic()
        if answer.status < 200:
            self.session.close()  # after such an answer the connection speaks something else
        return answer

    def _send(self, call: Call, body: bytes | None, timeout: float) -> requests.Response:
        return self.session.request(
            call.operation.verb,
            self._settings.root + call.path,
            params=call.query,
            data=body,
            headers=None if body is None else {"Content-Type": "application/json"},
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            allow_redirects=False,
            stream=True,  # so that an answer with a cut-off body still has its status
        )


class _Adapter(HTTPAdapter):
    """An adapter that limits answers, and verifies against one shared TLS context."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        if proxy.lower().startswith("socks"):  # their connections would be none of ours, which time and observe
            raise requests.exceptions.InvalidSchema("no SOCKS")
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        conn.ca_certs = None  # else the bundled list would be read again for every connection, and trusted besides ours


def _answer(response: requests.Response) -> Answer:
    status, retry_after = response.status_code, tuple(response.raw.headers.getlist("Retry-After"))
    try:
        return Answer(status, read_body(response), retry_after=retry_after)
    except TooLarge:
        return Answer(status, complete=False, too_large=True, retry_after=retry_after)
    except Exception:  # a body that cannot be read, for whatever reason, takes nothing from the status
        return Answer(status, complete=False, retry_after=retry_after)


def _unsent(error: Exception, timeout: float) -> Failure:
    """Return the failure of a request that was not sent."""
    if _is_foreign(error):
        return Failure(f"it ended in {type(error).__name__}", sent=False, lasting=True)
    if isinstance(error, (requests.exceptions.InvalidProxyURL, requests.exceptions.InvalidSchema)):
        return Failure("the proxy must be an address that begins with http:// or https://", sent=False, lasting=True)
    if isinstance(error, ValueError):
        return Failure("the address cannot be used", sent=False, lasting=True)
    if isinstance(error, requests.Timeout):
        return Failure(f"no connection within {timeout:g} s", sent=False)
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(untrusted(cause), sent=False, lasting=True)
        if isinstance(cause, ssl.SSLError) and cause.reason in HANDSHAKE_FAILURES:
            return Failure(f"it does not speak TLS there ({cause.reason})", sent=False, lasting=True)
        if refusal := re.match(r"Tunnel connection failed: ([0-9]{3})\b", str(cause.args[0] if cause.args else "")):
            return _refused_by_proxy(int(refusal[1]))
    return Failure(_reason(causes, "the connection was closed before it was ready"), sent=False)


def _refused_by_proxy(status: int) -> Failure:
    if status == 407:
        return Failure("the proxy wants a user name and a password (407)", sent=False, lasting=True)
    return Failure(f"the proxy answered {status}", sent=False)


def _lost(error: Exception, timeout: float) -> Failure:
    """Return the failure of a request that was sent and got no answer."""
    if _is_foreign(error):
        return Failure(f"it ended in {type(error).__name__}", sent=True)
    if isinstance(error, requests.Timeout):
        return Failure(f"no answer within {timeout:g} s", sent=True)
    causes = _causes(error)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Failure("what came back is not TLS, or broke off", sent=True)
    closed = "the connection was closed before an answer came"
    if any(isinstance(cause, (ConnectionError, http.client.IncompleteRead)) for cause in causes):
        return Failure(_reason(causes, closed), sent=True)
    return Failure(_reason(causes, "what came back is no answer in HTTP"), sent=True)


def _is_foreign(error: Exception) -> bool:
    """Whether an error is of neither `requests` nor `urllib3`, so that its text is not safe to show."""
    return not isinstance(error, (requests.RequestException, urllib3.exceptions.HTTPError))


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and its causes, but not its context, which may be an error that our caller is handling."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [getattr(cause, "reason", None), *cause.args, cause.__cause__]
    return found


def _reason(causes: list[BaseException], otherwise: str) -> str:
    """Return the system's own words for the causes, such as `Connection refused`, instead of nested reprs."""
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return cause.strerror
    return otherwise
