"""The pipeline behind sayso: collect feedback, land it exactly once in DuckDB, ask, mine, export."""

from importlib.metadata import version

__version__ = version("sayso")
