"""What a changed configuration would do to ids, feed URLs and topics, told before it does."""

from feedsvc.plan.case import Case, Past
from feedsvc.plan.decide import decide
from feedsvc.plan.plan import Consequence, Kind, Plan
from feedsvc.plan.said import Said, said_by, spell, understood

__all__ = [
    "Case",
    "Consequence",
    "Kind",
    "Past",
    "Plan",
    "Said",
    "decide",
    "said_by",
    "spell",
    "understood",
]
