"""A Vigie server on a free port, with and without keys, for clients that nobody here wrote."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("VIGIE_BIN", ROOT / "target" / "debug" / "vigie"))
STRICT = os.environ.get("VIGIE_CLIENTS_STRICT") == "1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Runs `vigie serve` by rules alone: what clients see of a finding does not depend on what found it."""

    def __init__(self, *arguments):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [str(BINARY), "serve", "--listen", f"127.0.0.1:{port}", "--no-classifier", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"vigie serve ended with {self.process.returncode}")
            try:
                if requests.get(f"{self.url}/readyz", timeout=1).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise RuntimeError("vigie serve is not ready after 15 s")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def vigie():
    server = Server()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def keyed(tmp_path_factory):
    """A server that asks for a key: its address and a key."""
    made = subprocess.run([str(BINARY), "key", "new", "tests"], capture_output=True, text=True, check=True)
    words = f"{made.stdout} {made.stderr}".split()
    key = next(word for word in words if word.startswith("vigie_"))
    stored = next(word for word in words if word.startswith("tests:"))
    path = tmp_path_factory.mktemp("keys") / "keys"
    path.write_text(stored + "\n")
    server = Server("--keys-file", str(path))
    yield server.url, key
    server.stop()


def tool(*names):
    """The first of these programs that is installed; without any, the test is skipped, or fails where it must run."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    message = f"NOT TESTED: none of {', '.join(names)} is installed"
    if STRICT:
        pytest.fail(message)
    pytest.skip(message)
