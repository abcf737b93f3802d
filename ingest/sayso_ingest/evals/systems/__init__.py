"""What answers a case: a model, somebody's service, a command or a function, all behind one small interface."""

from sayso_ingest.evals.systems.system import Answer, Asked, System

__all__ = ["Answer", "Asked", "System"]
