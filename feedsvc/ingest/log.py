"""Ticks in the log: a line for each source, and each document left out when it is news."""

import logging

from feedsvc.ingest.report import Report

logger = logging.getLogger(__name__)


class TickLog:
    """Writes reports; what the last one said of a document, or of a source's failure, is not said again."""

    def __init__(self) -> None:
        self._said: frozenset[tuple[str, str]] = frozenset()

    def write(self, report: Report) -> None:
        """Write what one tick did."""
        told = frozenset(self._said_elsewhere(report))
        for source in report.sources:
            failure = (source.source, source.failure or "")
            lines = [(source.source, line) for line in source.lines()]
            news = [line for line in (failure, *lines) if line not in self._said]
            if not source.failure or failure in news:
                logger.log(logging.WARNING if source.failed and news else logging.INFO, "%s", source)
            for line in lines:
                if line in news:
                    logger.info("  %s", line[1])
            told |= {failure, *lines}
        self._said = told

    def _said_elsewhere(self, report: Report) -> list[tuple[str, str]]:
        """Return what was said of sources that this tick did not look at."""
        looked_at = {source.source for source in report.sources}
        return [said for said in self._said if said[0] not in looked_at]
