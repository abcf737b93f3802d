"""What all processes of a service have counted, and what is looked at when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.metrics import table

if TYPE_CHECKING:
    from prometheus_client.core import Metric

Looked = Mapping[table.Row, Mapping[tuple[str, ...], float]]
"""Values by metric and by its labels' values, in their order."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Exposed:
    """The metrics of a folder that meters count into, in the format of Prometheus."""

    def __init__(self, folder: Path, look: Callable[[], Looked]) -> None:
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        self._registry = CollectorRegistry()
        # Its parameters have no types.
        MultiProcessCollector(self._registry, path=str(folder))  # type: ignore[no-untyped-call]
        self._registry.register(_Looked(look))

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)

    def value(self, row: table.Row) -> dict[tuple[str, ...], float]:
        """The values of one metric, by its labels' values."""
        return {
            tuple(sample.labels[label] for label in row.labels): sample.value
            for metric in self._registry.collect()
            for sample in metric.samples
            if sample.name == row.name
        }


class _Looked:
    """Makes metrics of values, as a registry asks for them."""

    def __init__(self, look: Callable[[], Looked]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        for row, values in self._look().items():
            family = GaugeMetricFamily(row.name, row.help, labels=row.labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family

    def describe(self) -> Iterable[Metric]:
        return ()  # else it would be asked once when it is registered
