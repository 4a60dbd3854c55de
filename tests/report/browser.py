"""A headless Chromium driven over the DevTools protocol: no driver program, one small websocket library."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

from tests.programs import program

BINARY = program("chromium") or program("chromium-browser") or program("google-chrome")
PATIENCE = 30.0


class Page:
    """One tab. Console messages, exceptions and requests are kept as they come."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(url, timeout=PATIENCE, suppress_origin=True)
        self._ids = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def open(self, path: Path) -> None:
        """Load a file and wait until it has loaded."""
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        end = time.monotonic() + PATIENCE
        while self.run("document.readyState") != "complete" or self.run("location.href") == "about:blank":
            assert time.monotonic() < end, "the page did not load"
            time.sleep(0.02)

    def run(self, script: str) -> Any:
        """The value of an expression; promises are awaited."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def settle(self) -> None:
        """Wait past the page's input delay and two frames."""
        self.run(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 150))"
        )

    def size(self, width: int, height: int) -> None:
        """Set the viewport in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, scheme: str) -> None:
        """Prefer light or dark."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def key(self, text: str) -> None:
        """Press a named key (`Tab`, `Enter`) or a single letter."""
        codes = {"Tab": 9, "Enter": 13, "Space": 32}
        typed = {"text": "\r" if text == "Enter" else " " if text == "Space" else text} if text != "Tab" else {}
        name = " " if text == "Space" else text
        code = codes.get(text, ord(text[0].upper()))
        for kind in ("keyDown", "keyUp"):
            extra = typed if kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=name, windowsVirtualKeyCode=code, **extra)

    def type(self, text: str) -> None:
        """Insert text where the focus is."""
        self.call("Input.insertText", text=text)

    def picture(self, path: Path) -> bytes:
        """A screenshot of the viewport as PNG."""
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        path.write_bytes(data)
        return data

    def pdf(self) -> bytes:
        """The page as printed."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def problems(self) -> list[str]:
        """Console warnings and errors, exceptions and log entries since the page was opened."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(json.dumps(params)[:500])
            if event.get("method") == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning", "assert"}:
                found.append(json.dumps(params["args"])[:500])
            if event.get("method") == "Log.entryAdded":
                found.append(params["entry"]["text"])
        return found

    def requests(self) -> list[str]:
        """Addresses requested since the page was opened, without pictures inside the page."""
        urls = [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        return [url for url in urls if not url.startswith("data:")]

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


@contextlib.contextmanager
def browser() -> Iterator[Page]:
    """Start a headless Chromium with a fresh profile and give its tab."""
    assert BINARY is not None
    # Chromium's children may write to the profile for a moment after it has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            BINARY,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            *(["--no-sandbox"] if os.geteuid() == 0 or os.environ.get("CI") else []),
            "about:blank",
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield from _tab(Path(profile) / "DevToolsActivePort", process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _tab(port_file: Path, process: subprocess.Popen[bytes]) -> Iterator[Page]:
    end = time.monotonic() + PATIENCE
    while not port_file.is_file() or "\n" not in port_file.read_text():
        assert process.poll() is None, "Chromium ended before it was ready"
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.05)
    port, path = port_file.read_text().split()
    control = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE, suppress_origin=True)
    control.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
    answer: dict[str, Any] = {}
    while answer.get("id") != 1:
        answer = json.loads(control.recv())
    target = next(row for row in answer["result"]["targetInfos"] if row["type"] == "page")
    page = Page(f"ws://127.0.0.1:{port}/devtools/page/{target['targetId']}")
    try:
        yield page
    finally:
        page.close()
        control.close()
