"""The words that ship with us, as text files, read when first needed."""

import hashlib
from functools import cache
from importlib import resources


def lines(name: str) -> list[str]:
    """Return the lines of a file but for comments."""
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def sections(name: str) -> dict[str, list[str]]:
    """Return the words of a file by their `[section]`."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in lines(name):
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        else:
            words += line.split()
    return found


def pairs(name: str) -> dict[str, str]:
    """Return a file of words "a=b" as a mapping."""
    return dict(word.split("=", 1) for line in lines(name) for word in line.split())


@cache
def digest() -> str:
    """Return what differs when another version ships other words."""
    files = sorted(file.name for file in resources.files(__package__).iterdir() if file.name.endswith(".txt"))
    told = ((resources.files(__package__) / name).read_bytes() for name in files)
    return hashlib.sha256(b"\0".join(told)).hexdigest()
