"""How well the items of saved pages of real sites are found, as floors that may only rise."""

import gzip
import json
from statistics import mean

from feedsvc.extract.listing import links
from tests.conftest import beside

FLOOR, ALL = 0.99, 0.95


def test_saved_listings_score_no_less_than_they_did() -> None:
    folder = beside("eval/listings")
    scores = {}
    for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").split("\n")[:-1]):
        content = gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes())
        want = {url.partition("#")[0] for url in row["links"]}
        have = {item.url for item in links(content, row["url"]).items} - (set(row["optional"]) - want)
        scores[row["id"]] = 2 * len(want & have) / (len(want) + len(have))
    assert mean(scores.values()) >= FLOOR, scores
    assert min(scores.values()) >= ALL, scores
