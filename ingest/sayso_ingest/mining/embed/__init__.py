"""Texts in, float32 rows of length 1 out: one file an embedder, behind one small interface.

An embedder never sees feedback and keeps no state between calls. What is fitted on traffic is the centring, and the
embedder `svd`, whose id says what it was fitted on. Vectors of different ids are never mixed.
"""

from sayso_ingest.mining.embed.alike import alike_from, cosine
from sayso_ingest.mining.embed.centring import Centring
from sayso_ingest.mining.embed.choice import EmbedderChoice, always, automatic, choose_embedder
from sayso_ingest.mining.embed.column import ColumnEmbedder
from sayso_ingest.mining.embed.embedder import Embedder
from sayso_ingest.mining.embed.endpoint import EndpointEmbedder
from sayso_ingest.mining.embed.fitted import SvdEmbedder
from sayso_ingest.mining.embed.hashing import HashEmbedder
from sayso_ingest.mining.embed.keeping import KeepingEmbedder
from sayso_ingest.mining.embed.kept import VectorStore
from sayso_ingest.mining.embed.minilm import MiniLmEmbedder
from sayso_ingest.mining.embed.static import StaticEmbedder

__all__ = [
    "Centring",
    "ColumnEmbedder",
    "Embedder",
    "EmbedderChoice",
    "EndpointEmbedder",
    "HashEmbedder",
    "KeepingEmbedder",
    "MiniLmEmbedder",
    "StaticEmbedder",
    "SvdEmbedder",
    "VectorStore",
    "alike_from",
    "always",
    "automatic",
    "choose_embedder",
    "cosine",
]
