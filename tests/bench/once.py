"""What one process does beside a service that is measured: extraction alone, each file read first.

    python -m tests.bench.once FOLDER

Prints the seconds of processor time that all documents took together.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.extract import MEDIA_TYPES, extract
from feedsvc.model import Article, Document, Hints

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Extract all documents of a folder; the first ones twice, as they load what is slow to load."""
    paths = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.is_file())
    for path in paths[:10]:
        one(path)
    began = time.process_time()
    for path in paths:
        assert isinstance(one(path), Article), path
    sys.stdout.write(f"{time.process_time() - began}\n")


def one(path: Path) -> object:
    """Return what comes of one document."""
    document = Document(
        source="bench",
        key=path.name,
        media_type=MEDIA_TYPES[path.suffix],
        content=path.read_bytes(),
        location=str(path),
    )
    return extract(document, Hints(source="bench"), NOW)


if __name__ == "__main__":
    main()
