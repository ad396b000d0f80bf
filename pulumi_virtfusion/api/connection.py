"""One thread's HTTP connection to a panel: a request out, an answer or a failure back, no judgement."""

from __future__ import annotations

import json
import ssl
import time
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning, NewConnectionError

from pulumi_virtfusion.api.answer import Answer, Failure
from pulumi_virtfusion.api.answer_limits import POOLS, TooLarge, read_body
from pulumi_virtfusion.api.call import Call
from pulumi_virtfusion.api.retry import Trouble
from pulumi_virtfusion.api.settings import Settings
from pulumi_virtfusion.api.tls import trust, untrusted
from pulumi_virtfusion.version import VERSION

CONNECT_TIMEOUT = 10.0
HANDSHAKE_FAILURES = {
    "NO_PROTOCOLS_AVAILABLE",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
}
"""TLS errors that come before a request is sent, and that no repetition mends."""


class Connection:
    """A `requests.Session` with the panel's settings; not to be shared between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last_used = time.monotonic()
        self.session = requests.Session()
        # With trust_env, an entry in ~/.netrc would replace our Authorization header. Proxies are still honoured.
        self.session.trust_env = False
        self.session.proxies.update(requests.utils.get_environ_proxies(settings.root))
        self.session.verify = not settings.insecure
        if settings.insecure:
            urllib3.disable_warnings(InsecureRequestWarning)
        self.session.mount("http://", _Adapter(None))
        if settings.root.startswith("https:"):
            self.session.mount("https://", _Adapter(trust(settings.ca_bundle, settings.insecure)))
        self.session.headers.update(
            {
                "Accept": "application/json",
                "Authorization": f"Bearer {settings.token.reveal()}",
                "User-Agent": f"pulumi-virtfusion/{VERSION}",
            }
        )

    def exchange(self, call: Call, timeout: float) -> Answer | Failure:
        """Sends `call` once; `timeout` is for the whole answer, after the connection."""
        body = None if call.body is None else json.dumps(call.body).encode()
        idle = time.monotonic() - self._last_used
        if not call.operation.repeatable and idle > self._settings.patience.idle_connection:
            self.session.close()  # it connects anew with the next request
        try:
            with self._send(call, body, timeout) as response:
                return _answer(response)
        except Exception as error:  # whatever it is, the request may have been sent, and its answer is lost
            return _failure(error, timeout)
        finally:
            self._last_used = time.monotonic()

    def _send(self, call: Call, body: bytes | None, timeout: float) -> requests.Response:
        return self.session.request(
            call.operation.verb,
            self._settings.root + call.path,
            params=call.query,
            data=body,
            headers=None if body is None else {"Content-Type": "application/json"},
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            allow_redirects=False,
            stream=True,  # so that an answer whose body is cut off still tells its status
        )


class _Adapter(HTTPAdapter):
    """Limits answers, and verifies against one shared context of the system's certificates or the given bundle."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        conn.ca_certs = None  # else the bundled list would be read again for every connection, and trusted besides ours


def _answer(response: requests.Response) -> Answer:
    status, retry_after = response.status_code, response.headers.get("Retry-After")
    try:
        return Answer(status, read_body(response), retry_after=retry_after)
    except TooLarge:
        return Answer(status, complete=False, too_large=True, retry_after=retry_after)
    except (requests.RequestException, urllib3.exceptions.HTTPError):
        return Answer(status, complete=False, retry_after=retry_after)


def _failure(error: Exception, timeout: float) -> Failure:
    if not isinstance(error, (requests.RequestException, urllib3.exceptions.HTTPError)):
        return Failure(Trouble.LOST, f"it ended in {type(error).__name__}")  # in no words that we know to be safe
    if isinstance(error, ValueError):  # an address or a proxy that no request can be sent to
        return Failure(None, "the address cannot be used")
    if isinstance(error, requests.ConnectTimeout):
        return Failure(Trouble.NEVER_SENT, f"no connection within {min(CONNECT_TIMEOUT, timeout):g} s")
    if isinstance(error, requests.ReadTimeout):
        return Failure(Trouble.LOST, f"no answer within {timeout:g} s")
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(None, untrusted(cause))
        if isinstance(cause, ssl.SSLError) and cause.reason in HANDSHAKE_FAILURES:
            return Failure(None, f"it does not speak TLS there ({cause.reason})")
    for cause in causes:
        if isinstance(cause, NewConnectionError):
            return Failure(Trouble.NEVER_SENT, _reason(causes))
    # A proxy's refusal and a failed handshake may be "never sent" too, but nothing proves it.
    return Failure(Trouble.LOST, _reason(causes))


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all that it wraps, but not its context, which may be an error that our caller is handling."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [getattr(cause, "reason", None), *cause.args, cause.__cause__]
    return found


def _reason(causes: list[BaseException]) -> str:
    """The system's own words for it, such as `Connection refused`, instead of nested reprs."""
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return cause.strerror
    return "the connection was closed before an answer came"
