"""One pass over what is due."""

from feedsvc.ingest.history import History, Ticked
from feedsvc.ingest.ingest import Ingest
from feedsvc.ingest.log import TickLog
from feedsvc.ingest.look import Progress, Wish
from feedsvc.ingest.report import Report, SourceReport
from feedsvc.ingest.underway import Step, Underway
from feedsvc.ingest.visit import Intake

__all__ = [
    "History",
    "Ingest",
    "Intake",
    "Progress",
    "Report",
    "SourceReport",
    "Step",
    "TickLog",
    "Ticked",
    "Underway",
    "Wish",
]
