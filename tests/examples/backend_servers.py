"""Servers on loopback that keep states: PostgreSQL, and S3 as moto speaks it; each where its programs are at hand."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests

PATIENCE = 60
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps PostgreSQL's own programs, by version and not on PATH."""
BUCKET = "states"
PASSWORD = "marked-database-password-0c4d"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "marked-key-id", "AWS_SECRET_ACCESS_KEY": "marked-secret-key-6e1f"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """A database of its own; what a job sets to keep states in it."""
    programs = [shutil.which("initdb"), *(str(one) for one in sorted(DEBIAN.glob("*/bin/initdb"), reverse=True))]
    initdb = next((Path(one).resolve() for one in programs if one), None)
    if initdb is None:
        pytest.skip("no PostgreSQL here: `apt install postgresql` brings initdb and postgres")
    port, account = free_port(), _account()
    with TemporaryDirectory(prefix="postgresql-") as folder:
        if account is not None:
            shutil.chown(folder, account)
        data = Path(folder) / "data"
        (secret := Path(folder) / "password").write_text(PASSWORD)
        secret.chmod(0o644)  # in a folder that only this account enters
        access = ["--auth=scram-sha-256", "--username=pulumi", f"--pwfile={secret}"]
        _run([initdb, *access, "--no-sync", "-D", data], account, folder)
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with _served([initdb.with_name("postgres"), "-D", data, *options], port, account, folder):
            url = f"postgres://pulumi@127.0.0.1:{port}/postgres?sslmode=disable"
            yield {"PULUMI_BACKEND_URL": url, "PGPASSWORD": PASSWORD}


def _account() -> str | None:
    """PostgreSQL refuses to run as root: an account that can do nothing else."""
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """A bucket of its own; what a job sets to keep states in it."""
    command = shutil.which("moto_server")
    if command is None and find_spec("moto") is None:
        pytest.skip("no S3 here: `pip install 'moto[server]'` brings one")
    port = free_port()
    start = [command] if command else [sys.executable, "-m", "moto.server"]
    with TemporaryDirectory() as folder, _served([*start, "-H", "127.0.0.1", "-p", str(port)], port, None, folder):
        requests.put(f"http://127.0.0.1:{port}/{BUCKET}", timeout=PATIENCE).raise_for_status()
        where = f"region=us-east-1&endpoint=127.0.0.1:{port}&disableSSL=true&s3ForcePathStyle=true"
        yield {"PULUMI_BACKEND_URL": f"s3://{BUCKET}?{where}", "PULUMI_DIY_BACKEND_ZSTD": "1", **CREDENTIALS}


def _run(command: list[object], account: str | None, folder: str) -> None:
    done = subprocess.run(
        list(map(str, command)), user=account, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _served(command: list[object], port: int, account: str | None, folder: str) -> Iterator[None]:
    """The server's process, once it listens."""
    with (Path(folder) / "log").open("w+") as log:
        process = subprocess.Popen(list(map(str, command)), user=account, cwd=folder, stdout=log, stderr=log)
        try:
            until = time.monotonic() + PATIENCE
            while not _listens(port):
                if process.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise AssertionError(log.read())
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
