"""Where parts are computed, as words of a command: threads, processes, a cluster."""

from __future__ import annotations

import argparse
import sys

from sim.commands.arguments import count
from sim.run.executors import Executor
from sim.run.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where parts are computed."""
    parser.add_argument(
        "--jobs", type=count, metavar="N", help="parts at once; as many as processors"
    )
    parser.add_argument(
        "--workers",
        choices=("threads", "processes"),
        default="threads",
        help="what computes the parts on this machine (threads)",
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="compute on a Dask cluster: its scheduler's address, or `local` for one made here",
    )


def executor(arguments: argparse.Namespace) -> Executor:
    """The executor that the arguments ask for.

    Raises:
        InputError: Dask is not installed.
    """
    # Each is imported only when asked for: Dask takes a second.
    if arguments.dask:
        from sim.run.executors.cluster import Dask

        return Dask(arguments.dask, arguments.jobs)
    if arguments.workers == "processes":
        from sim.run.executors.processes import Processes

        return Processes(arguments.jobs)
    from sim.run.executors.threads import Threads

    return Threads(arguments.jobs)


def progress(members: int) -> Progress:
    """A bar on standard error."""
    return Progress(members, sys.stderr)
