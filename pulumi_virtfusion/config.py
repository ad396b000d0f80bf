"""The settings: panel, token and limits, from the stack's configuration first, then from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from .misspelling import nearest

if TYPE_CHECKING:
    from .api import VirtFusion

NAMESPACE = "virtfusion"
PLAIN_TOKEN = (
    f"{NAMESPACE}:token is in plain in the stack's configuration, and from there in its state: set it again with "
    f"`pulumi config set --secret {NAMESPACE}:token ...`, and change the token if others could read either."
)
DYNAMIC, NATIVE = "dynamic", "native"
LONGEST = 7 * 24 * 3600


class NotConfigured(Exception):
    """A setting is missing or does not parse; the text says how to set it."""


def _flag(text: str) -> bool:
    if text.strip().lower() not in ("true", "false", "1", "0", ""):
        raise ValueError("must be true or false")
    return text.strip().lower() in ("true", "1")


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not 0 < float(text) <= LONGEST:
        raise ValueError(f"must be a number of seconds greater than 0, at most {LONGEST}")
    return float(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= 1000:
        raise ValueError("must be a whole number from 1 to 1000")
    return int(text)


def _address(text: str) -> str:
    from .api.http.endpoint import api_root

    api_root(text)
    return text


def _token(text: str) -> str:
    from .api.http.api_token import Token

    Token(text)
    return text


def _file(text: str) -> str:
    if not Path(text).is_file():
        raise ValueError("must be a file with certificates, and is no file")
    import ssl  # a slow import, which few settings need

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(text)
    except OSError:  # ssl's own errors are such ones
        raise ValueError("must be a file with certificates, and holds none that can be read") from None
    return text


def _door(text: str) -> str:
    if text.strip() not in (DYNAMIC, NATIVE):
        raise ValueError(f"must be {DYNAMIC} or {NATIVE}")
    return text.strip()


def _setting(parse: Callable[[str], object], default: Any, help: str, *, secret: bool = False) -> Any:  # noqa: A002
    metadata = {"parse": parse, "help": help, "is_shown": parse not in (_address, _token)}
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """The settings for reaching a panel; each line is one setting, its default and its meaning."""

    endpoint: str = _setting(_address, "", "panel address, with or without `/api/v1`")
    token: str = _setting(_token, "", "API token", secret=True)
    request_timeout: float = _setting(_seconds, 30.0, "one request's time limit, seconds")
    operation_timeout: float = _setting(_seconds, 1800.0, "one operation's time limit (build, delete, queue), seconds")
    max_concurrency: int = _setting(_count, 16, "requests in flight at most")
    ca_bundle: str = _setting(_file, "", "CA bundle, a file; the system's trust when left out")
    insecure: bool = _setting(_flag, False, "skip TLS verification")
    moved_from: str = _setting(_address, "", "the panel's earlier address, after it has moved")
    request_log: str = _setting(
        str, "", "a file to which a line of JSON is appended for each attempt of each request; none when left out"
    )
    door: str = _setting(
        _door, DYNAMIC, "which provider a program's resources go through: `dynamic` or `native`, the plug-in"
    )
    validate_on_preview: bool = _setting(
        _flag, False, "ask the panel at preview whether a new server would be accepted (`POST /servers?dryRun=true`)"
    )

    @classmethod
    def read(
        cls,
        configured: Callable[[str], str | None],
        environment: Mapping[str, str] | None = None,
        *,
        written: Callable[[str], str] | None = None,
    ) -> Settings:
        """Read each setting from `configured` (by a key such as `virtfusion:endpoint`), else from the environment.

        `written` returns a setting's name and place as the user wrote it, for messages; the stack's when left out.
        Raise `NotConfigured` for a value that does not parse.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for setting in fields(cls):
            source = (written or of_the_stack)(setting.name)
            text = configured(config_key(setting.name))
            if text is None:
                source = environment_variable(setting.name)
                text = environment.get(source)
            if text is not None and text != "":
                values[setting.name] = parsed(setting.name, text, source)
        return cls(**values)

    @classmethod
    def of_environment(cls) -> Settings:
        """Read the settings from the environment alone, for commands that serve no stack."""
        return cls.read(lambda _: None)

    def panel(self) -> VirtFusion:
        """Return the client for these settings, one a process, so that connections and limits are shared.

        Raise `NotConfigured` without an endpoint or a token.
        """
        for name in ("endpoint", "token"):
            if not getattr(self, name):
                secret = "--secret " if name == "token" else ""
                wrong = "".join(f" {sentence}" for sentence in misspelt_variables(os.environ))
                raise NotConfigured(
                    f"{config_key(name)} is not set: run `pulumi config set {secret}{config_key(name)} ...` "
                    f"or set {environment_variable(name)}.{wrong}"
                )
        with _connecting:
            try:
                return _panel(self)
            except ValueError as error:
                raise NotConfigured(str(error)) from None


def parsed(name: str, text: str, source: str) -> object:
    """Parse the text of a setting; raise `NotConfigured`, which names the setting by its `source`."""
    metadata = next(setting.metadata for setting in fields(Settings) if setting.name == name)
    try:
        return metadata["parse"](text)
    except ValueError as error:
        # A value that may hold a secret is not shown: an address with a password in it, a token.
        shown = f"{text!r} " if metadata["is_shown"] else ""
        what = str(error)
        raise NotConfigured(f"{source}: {shown}{what}." if what[0].islower() else f"{source}: {what}") from None


def misspelt(keys: Iterable[str]) -> list[str]:
    """Return a sentence for each key of a configuration that nearly spells a setting; a project may have others."""
    known = [config_key(setting.name).partition(":")[2] for setting in fields(Settings)]
    sentences = []
    for namespace, _, name in (key.partition(":") for key in sorted(keys)):
        if namespace == NAMESPACE and (meant := nearest(name, known)):
            secret = "--secret " if meant == "token" else ""
            sentences.append(
                f"{NAMESPACE}:{name} is no setting: {NAMESPACE}:{meant} is. Run `pulumi config rm {NAMESPACE}:{name}`, "
                f"and `pulumi config set {secret}{NAMESPACE}:{meant} ...`."
            )
    return sentences


def refuse_misspelt(keys: Iterable[str]) -> None:
    """Raise `NotConfigured` where a key of a configuration nearly spells a setting."""
    if wrong := misspelt(keys):
        raise NotConfigured(" ".join(wrong))


def misspelt_variables(names: Iterable[str]) -> list[str]:
    """Return a sentence for each environment variable that nearly spells a setting."""
    prefix = environment_variable("")
    known = [setting.name.upper() for setting in fields(Settings)]
    ours = sorted(name for name in names if name.upper().startswith(prefix))
    meant = {name: nearest(name[len(prefix) :], known) for name in ours}
    return [f"{name} is no setting: {prefix}{one} is." for name, one in meant.items() if one]


def config_key(name: str) -> str:
    """Return a setting's configuration key: `virtfusion:requestTimeout` for `request_timeout`."""
    head, *rest = name.split("_")
    return f"{NAMESPACE}:{head}{''.join(map(str.capitalize, rest))}"


def of_the_stack(name: str) -> str:
    """Return the words for a setting in a stack's configuration: `virtfusion:requestTimeout of the stack`."""
    return f"{config_key(name)} of the stack"


def of_provider(provider: str, name: str) -> str:
    """Return the words for a provider's argument: `request_timeout= of Provider 'eu'`."""
    return f"{name}= of Provider {provider!r}"


def environment_variable(name: str) -> str:
    """Return a setting's environment variable: `VIRTFUSION_REQUEST_TIMEOUT` for `request_timeout`."""
    return f"{NAMESPACE}_{name}".upper()


_connecting = Lock()
_sender: tuple[str, str | None] = ("program", None)


def name_sender(process: str, run: str | None = None) -> None:
    """Set the process name and the run's purpose for the request log and the `User-Agent` of later clients."""
    global _sender
    _sender = process, run


@cache
def _panel(settings: Settings) -> VirtFusion:
    from .api import RequestLog, VirtFusion
    from .api.http.user_agent import user_agent

    return VirtFusion(
        settings.endpoint,
        settings.token,
        request_timeout=settings.request_timeout,
        operation_timeout=settings.operation_timeout,
        max_concurrency=settings.max_concurrency,
        ca_bundle=settings.ca_bundle or None,
        insecure=settings.insecure,
        request_log=RequestLog(settings.request_log, *_sender) if settings.request_log else None,
        user_agent=user_agent(*_sender),
    )
