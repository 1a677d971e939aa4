"""What importing does (nothing), and where things may stand."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from feedsvc import errors
from tests.conftest import ROOT

MODULES = sorted((ROOT / "feedsvc").rglob("*.py"))
HEAVY = {"trafilatura", "readability", "nh3", "yaml", "numpy", "htmldate", "markdown_it", "py3langid"}
WATCH = """
import importlib, os, sys, threading
class Watched(dict):
    def __getitem__(self, key): read.append(key); return super().__getitem__(key)
    def get(self, key, default=None): read.append(key); return super().get(key, default)
    def __contains__(self, key): read.append(key); return super().__contains__(key)
{preload}
read = []
os.environ = Watched(os.environ)
before = threading.active_count()
importlib.import_module({module!r})
print(threading.active_count() - before)
print(sorted({heavy!r} & sys.modules.keys()), sorted(set(read) - {gettext!r}))
"""
PRELOAD = (
    "import click, flask, apscheduler.schedulers.background, pebble, granian.server, feedgen.feed"
    ", prometheus_client"
)
GETTEXT = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}
"""What click's translations look at."""


@pytest.mark.parametrize("module", ["feedsvc.cli", "feedsvc.app", "feedsvc.web"])
def test_importing_starts_no_thread_reads_no_environment_and_loads_nothing_heavy(
    module: str, environ: dict[str, str]
) -> None:
    code = WATCH.format(module=module, heavy=HEAVY, gettext=GETTEXT, preload=PRELOAD)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n[] []\n"


def names(path: Path) -> set[str]:
    """Return every dotted name a module uses, such as "os.environ"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    taken = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return dotted | taken


def test_only_settings_and_the_command_line_know_the_environment() -> None:
    reading = {"os.environ", "os.getenv", "os.environb", "os.getenvb"}
    found = {str(path.relative_to(ROOT)) for path in MODULES if names(path) & reading}
    allowed = {str(path.relative_to(ROOT)) for path in MODULES if path.parent.name == "settings"}
    assert found <= allowed | {"feedsvc/options.py"}
    assert "feedsvc/options.py" in found


def is_exception(kind: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(("Error", "Exception")) for base in kind.bases)


def test_every_exception_stands_in_one_tree_in_one_file() -> None:
    for path in MODULES:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found = [node.name for node in nodes if isinstance(node, ast.ClassDef) and is_exception(node)]
        assert bool(found) == (path.name == "errors.py"), path
    for kind in exceptions():
        assert issubclass(kind, errors.FeedsvcError)


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = errors.__doc__ or ""
    assert all(kind.__name__ in drawn for kind in exceptions())


def exceptions() -> list[type[Exception]]:
    return [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
