"""The benchmarks' own arithmetic; what they measure is measured by running them."""

import os
import subprocess
import sys

from tests.bench.__main__ import PARTS
from tests.bench.processes import family, seconds
from tests.bench.rendering import SIZES
from tests.bench.table import alone, compared, line


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_their_sides() -> None:
    row = compared("a 304", [(10, 5), (20, 8), (1, 0.9)], "µs", "nginx", "≥ 0.40")
    assert (row.ours, row.theirs, row.ratio) == (10, 5, 0.5)
    assert line(row) == "| a 304 | 10 µs | 5 µs (nginx) | 0.50 | ≥ 0.40 |"


def test_what_stands_alone_has_its_own_median_with_three_figures() -> None:
    assert line(alone("pages", [1, 12_345.6, 99_999], "a second")) == "| pages | 12,346 a second |  |  |  |"
    assert line(alone("ticks", [0.123456], "s", "≤ 1.5")) == "| ticks | 0.123 s |  |  | ≤ 1.5 |"


def test_a_family_is_a_process_with_its_children_and_its_time_is_theirs() -> None:
    child = [sys.executable, "-c", "sum(range(10**7)); input()"]
    with subprocess.Popen(child, stdin=subprocess.PIPE) as process:
        found = family(os.getpid())
        assert {os.getpid(), process.pid} <= found
        assert 1 not in found
        while seconds([process.pid]) < 0.05:
            pass
        process.communicate(b"\n")
    assert seconds([process.pid]) == 0


def test_a_part_yields_rows() -> None:
    rows = list(PARTS["rendering"].rows(1))
    assert len(rows) == len(SIZES)
    assert all(row.ours > 0 and row.ratio for row in rows)
