"""A run's workers on a Dask cluster."""

from __future__ import annotations

from perfkit.batch.workers import LocalWorkers


class ClusterWorkers(LocalWorkers):
    """Give the jobs to a Dask scheduler."""

    def __init__(self, address: str) -> None:
        raise NotImplementedError(address)
