"""A real browser and a site for it to look at."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.builders import Server, note
from tests.conftest import ROOT, child_environ, serving

MODULES = ROOT / ".venv" / "node_modules"
"""Where CI installs what judges pages; elsewhere `npm install --prefix .venv axe-core html-validate`."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

CONFIGURATION = """
[site]
title = "Harbour bulletins"
language = "en"
[[source]]
path = "notes"
[[source]]
path = "away"
[[topic]]
name = "Harbour"
match = "harbour"
[[topic]]
name = "Ferry"
match = "ferry"
[[topic]]
name = "渡口"
match = "渡口"
"""
LONG_TAGS = ("Carpenters and their yards", "Boats of every kind and size", "Villages high in the hills")
"""Each takes a row of its own on a telephone."""
WIDE_TABLE = "\n".join(["| hour " * 20 + "|", "|---" * 20 + "|", "| a-very-long-hour " * 20 + "|"])
NOTES = {
    "ferry.md": note("The ferry leaves the harbour at nine", 3, tags="[Transport]")
    + f"\n```\n{' '.join(['nine'] * 90)}\n```\n\n{WIDE_TABLE}\n",
    "crane.md": note("A crane in the harbour is painted green", 4)
    + "\n![Four painters](https://pictures.example.net/painters.jpg)\n",
    "boat.md": note("A second ferry is built in the hills", 5, tags=f"[{', '.join(LONG_TAGS)}]"),
    "渡口.md": note("渡口夜航演练周末举行，居民可到岸边观看", 6, tags="[民生]", language="zh-Hans"),
    "blank.md": "",
}


def module(name: str) -> Path:
    """Return a file of an npm package, or skip where it is not installed."""
    path = MODULES / name
    if not path.exists():
        pytest.skip(f"{name} is not installed; .ci/run does that")
    return path


@contextmanager
def site(folder: Path) -> Iterator[Server]:
    """Yield a feedsvc with a few notes, a source that cannot be read and a document without an article."""
    notes = folder / "notes"
    notes.mkdir()
    for name, text in NOTES.items():
        (notes / name).write_text(text, encoding="utf-8")
    for number in range(60):
        (notes / f"tide-{number:02}.md").write_text(note(f"High tide number {number}"), encoding="utf-8")
    (folder / "away").mkdir()
    (folder / "feedsvc.toml").write_text(CONFIGURATION, encoding="utf-8")
    with serving(folder, child_environ()) as start:
        server = start("--config", "feedsvc.toml")
        yield server.wait_until_ready()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield Debian's chromium, or skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed; .ci/run does that")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page, and where, sizes of targets (WCAG 2.2) included."""
    page.add_script_tag(path=module("axe-core/axe.min.js"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}})")
    return [
        f"{each['id']}: {each['help']}: {node['html']} {node.get('failureSummary')}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def faults(folder: Path) -> list[str]:
    """Return what html-validate finds wrong with the pages in a folder."""
    command = module("html-validate/bin/html-validate.mjs")
    config = folder / "rules.json"
    rules = {"long-title": "off"}  # a title is the document's
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:recommended"], "rules": rules}))
    line = ["node", str(command), "--config", str(config), "--formatter", "json", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    found = json.loads(done.stdout) if done.stdout else []
    assert done.returncode in {0, 1}, done.stderr
    return [
        f"{Path(file['filePath']).name}:{each['line']} {each['ruleId']}: {each['message']}"
        for file in found
        for each in file["messages"]
    ]
