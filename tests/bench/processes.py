"""Processor time and memory of processes, as the operating system counts them."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def family(pid: int) -> set[int]:
    """Return a process and all that descend from it."""
    parents = {int(each.name): _fields(each) for each in _PROC.iterdir() if each.name.isdigit()}
    found = {pid}
    while more := {child for child, told in parents.items() if told and int(told[1]) in found} - found:
        found |= more
    return found


def seconds(pids: Iterable[int]) -> float:
    """Return the processor time of processes and of the children that they waited for."""
    told = (_fields(_PROC / str(pid)) for pid in pids)
    return sum(sum(map(int, fields[11:15])) for fields in told if fields) / _TICK


def megabytes(pids: Iterable[int]) -> float:
    """Return what processes keep in memory; what they share counts once (PSS, proc_pid_smaps(5))."""
    told = (Path(_PROC, str(pid), "smaps_rollup").read_text(encoding="ascii") for pid in pids)
    return (
        sum(int(line.split()[1]) for each in told for line in each.splitlines() if line[:4] == "Pss:") / 1000
    )


def _fields(process: Path) -> list[bytes]:
    """Return what `stat` says from the state on (proc_pid_stat(5)); nothing of one that ended."""
    try:
        return (process / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []
