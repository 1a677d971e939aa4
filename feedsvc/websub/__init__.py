"""The WebSub publisher: hubs are told which feeds changed (W3C WebSub leaves open how; hubs take a ping)."""

from feedsvc.websub.publisher import Publisher
from feedsvc.websub.turn import Alone, ClaimedTurn, Turn

__all__ = ["Alone", "ClaimedTurn", "Publisher", "Turn"]
