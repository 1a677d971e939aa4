"""Incidents as articles, so that whoever runs the service watches it in a feed reader."""

import uuid
from html import escape

from feedsvc.model import Article, Incident
from feedsvc.store import JOURNAL

ID_NAMESPACE = uuid.UUID("0f0a7d3e-51d6-5b63-8a55-3c7b1c0f7a0e")
_TITLES = (("cannot be read", "was unreadable"), ("something is wrong", "something was wrong"))


def incident_article(incident: Incident) -> Article:
    """Return one incident as an article; closing it updates the same article."""
    stamp = f"{incident.opened:%Y-%m-%d %H:%M} UTC"
    lines = [_told(incident, stamp)]
    if incident.closed:
        lines.append(f"Over since {incident.closed:%Y-%m-%d %H:%M} UTC.")
    published = incident.opened.replace(microsecond=0)
    return Article(
        id=uuid.uuid5(ID_NAMESPACE, f"{incident.source}\0{incident.opened.isoformat()}").urn,
        source=incident.source,
        key=stamp,
        title=f"{incident.source}: {_TITLES[incident.source == JOURNAL][incident.closed is not None]}",
        text="\n\n".join(lines),
        html="".join(f"<p>{escape(line)}</p>" for line in lines),
        summary=lines[-1],
        published=published,
        published_from="first seen",
        updated=(incident.closed or published).replace(microsecond=0),
        language="en",
    )


def _told(incident: Incident, stamp: str) -> str:
    if incident.source == JOURNAL:
        return f"Noticed {stamp}: {incident.reason}. All that was acknowledged before is served on."
    return f"Since {stamp} the source cannot be read: {incident.reason}. Its last good articles stay."
