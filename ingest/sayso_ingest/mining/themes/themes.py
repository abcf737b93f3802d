"""What goes wrong, in people's own words: comments of those who did not like an answer, gathered into themes.

By k-means, which leaves no comment out, begun where the themes of the last run were: so a theme keeps its id.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.optimize import linear_sum_assignment

from sayso_ingest.analysis.stats.arrays import sums
from sayso_ingest.analysis.stats.difference import newcombe
from sayso_ingest.analysis.stats.share import Share, clustered_share
from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors
from sayso_ingest.mining.embed import Centring, Embedder, HashEmbedder
from sayso_ingest.mining.rows import Comment
from sayso_ingest.mining.similarity.topics import Topics, find_topics, name_topics
from sayso_ingest.mining.themes.phrases import Phrase, distinct, numbered, telling_phrases, weights_of
from sayso_ingest.mining.themes.remembered import Remembered
from sayso_ingest.mining.themes.tone import hear

MOST = 30
EXAMPLES = 3
VERSIONS = 3
WINDOW = timedelta(days=7)
"""The trend is that of the last seven days against the seven before."""
_CONTRACTED = re.compile(r"\w+['’]\w+")  # "doesn't" names no theme, nor does a "doesn" that is left of it
SAME = 0.3
"""Of the comments that a theme has, or had, the share both must have in common for it to be the same one."""


@dataclass(frozen=True, slots=True)
class Example:
    """One comment of a theme."""

    event_id: str
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Comments that say alike. `id` stays the same from run to run; `share` is that of all comments gathered."""

    id: str
    label: str
    """The words that set it apart."""
    quote: str
    """The comment nearest to its middle."""
    comments: int
    people: int
    """Who wrote them."""
    share: Share
    recent: int
    """Comments of the last seven days, counted from the newest comment of all."""
    before: int
    """Comments of the seven days before."""
    trend: str
    """rising or falling where the share of the two weeks differs beyond chance, else steady."""
    versions: tuple[tuple[str, int], ...]
    """Prompt versions that it is most often about, with how many comments."""
    examples: tuple[Example, ...]
    last_at: datetime
    members: tuple[str, ...]
    """Ids of its comments, the nearest to its middle first."""


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes, the most frequent first, and the phrases that tell dislikes from likes."""

    themes: tuple[Theme, ...]
    comments: int
    """Comments gathered: those of people who disliked, and those with no click that says either and no praise."""
    praise: int
    """Comments left out because they read like those of people who liked the answer, though no click says so."""
    embedder: str
    disliked_phrases: tuple[Phrase, ...]
    liked_phrases: tuple[Phrase, ...]
    remembered: Remembered
    """What the next run needs so that ids stay."""


def theme_count(comments: int) -> int:
    """How finely to cut: the square root of a tenth of the comments, at most 30."""
    return int(np.clip(round((comments / 10) ** 0.5), 1, MOST))


def find_themes(
    comments: Sequence[Comment],
    *,
    remembered: Remembered | None = None,
    embedder: Embedder | None = None,
    seed: int = 0,
) -> Themes:
    """Gather the comments of those who did not say that they liked it; `remembered` is that of the last run.

    Where no click says, praise is told by how those write whose click does.
    """
    embedder = embedder or HashEmbedder()
    disliked, liked = (tuple(distinct(side)) for side in telling_phrases(comments))
    praise = hear(comments).praise
    gathered = [
        comment
        for comment, praised in zip(comments, praise, strict=True)
        if comment.disliked is not False and not praised
    ]
    known = remembered or Remembered(embedder.id)
    if known.embedder != embedder.id:  # vectors of another kind say nothing here
        known = Remembered(embedder.id, issued=known.issued)
    if not gathered:
        return Themes((), 0, int(praise.sum()), embedder.id, disliked, liked, known)
    raw = embedder.embed([comment.text for comment in gathered])
    centring = Centring.fit(raw, most=embedder.shared)
    vectors = centring.apply(raw)
    topics, ids, after = _gather(centring, vectors, known, seed)
    labels = name_topics([_CONTRACTED.sub(" ", comment.text) for comment in gathered], topics)
    closeness = np.einsum("nd,nd->n", vectors, topics.centres[topics.members])
    voices = _Voices.of(gathered)
    found = [
        _theme(name, gathered, voices, topics.members == number, closeness)
        for number, name in enumerate(zip(ids, labels, strict=True))
    ]
    found.sort(key=lambda theme: (-theme.comments, theme.id))
    return Themes(tuple(found), len(gathered), int(praise.sum()), embedder.id, disliked, liked, after)


def _gather(
    centring: Centring, vectors: Vectors, known: Remembered, seed: int
) -> tuple[Topics, list[str], Remembered]:
    """Topics, the id of each, and what to remember: the middle of each theme, of vanished ones as it was.

    A run that begins at the middles of the last one, over the same comments, finds the same themes.
    """
    count = theme_count(len(vectors))
    if not known.ids:
        topics = find_topics(vectors, count=count, seed=seed)
        ids = [f"theme-{known.issued + number + 1}" for number in range(topics.count)]
    else:
        start = centring.without_shared(known.middles)
        old = Topics(start, _nearest(vectors, start))
        topics = find_topics(vectors, start=_with_more(vectors, start, count, seed), seed=seed)
        ids = _matched(old.members, topics, known)
    return topics, ids, known.after(ids, centring.with_mean(topics.centres))


def _nearest(vectors: Vectors, centres: Vectors) -> Integers:
    return Topics(centres, np.zeros(0, dtype=np.int64)).assign(vectors)


def _with_more(vectors: Vectors, start: Vectors, count: int, seed: int) -> Vectors:
    """The centres, and further ones up to `count`: comments drawn the likelier, the farther from all (k-means++)."""
    random = np.random.default_rng(seed)
    centres = start
    while len(centres) < count:
        far = ((vectors - centres[_nearest(vectors, centres)]) ** 2).sum(axis=1, dtype=np.float64)
        if far.sum() <= 0:
            break
        drawn = random.choice(len(vectors), p=far / far.sum())
        centres = np.vstack([centres, vectors[drawn]])
    return centres


def _matched(old: Integers, topics: Topics, known: Remembered) -> list[str]:
    """The id of each topic: that of the theme which shares most comments with it, else a new one (Kuhn 1955)."""
    common = np.zeros((len(known.ids), topics.count))
    np.add.at(common, (old, topics.members), 1)
    either = common.sum(axis=1, keepdims=True) + common.sum(axis=0, keepdims=True) - common
    alike = common / np.maximum(either, 1)
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    found = {int(new): known.ids[before] for before, new in pairs if alike[before, new] >= SAME}
    fresh = iter(range(known.issued + 1, known.issued + topics.count + 1))
    return [found.get(number) or f"theme-{next(fresh)}" for number in range(topics.count)]


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who wrote each comment (n,), and how many weeks before the newest one."""

    person: Integers
    week: Integers

    @classmethod
    def of(cls, comments: Sequence[Comment]) -> _Voices:
        newest = max(comment.occurred_at for comment in comments)
        weeks = [(newest - comment.occurred_at) // WINDOW for comment in comments]
        return cls(numbered([comment.who for comment in comments]), np.array(weeks, dtype=np.int64))


def _theme(
    name: tuple[str, str], comments: Sequence[Comment], voices: _Voices, inside: Booleans, closeness: Floats
) -> Theme:
    nearest = [
        comments[row]
        for row in np.argsort(-np.where(inside, closeness, -9), kind="stable")[: inside.sum()].tolist()
    ]
    examples = list({one.text: one for one in nearest}.values())[:EXAMPLES]
    versions = Counter(one.version for one in nearest if one.version is not None)
    recent, before, trend = _trend(voices, inside)
    return Theme(
        id=name[0],
        label=name[1],
        quote=nearest[0].text,
        comments=len(nearest),
        people=len({one.who for one in nearest}),
        share=_share(voices.person, inside),
        recent=recent,
        before=before,
        trend=trend,
        versions=tuple(sorted(versions.items(), key=lambda item: (-item[1], item[0]))[:VERSIONS]),
        examples=tuple(Example(one.event_id, one.target, one.text) for one in examples),
        last_at=max(one.occurred_at for one in nearest),
        members=tuple(one.event_id for one in nearest),
    )


def _share(person: Integers, inside: Booleans) -> Share:
    """The share of comments (n,) that lie inside, robust to people who write many."""
    weights, people = weights_of(person), int(person.max(initial=-1)) + 1
    share = clustered_share(sums(person, weights * inside, people), sums(person, weights, people))
    return share or Share(0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


def _trend(voices: _Voices, inside: Booleans) -> tuple[int, int, str]:
    """Comments of the last week and of the week before, and whether the share of them changed beyond chance."""
    recent, before = (voices.week == week for week in (0, 1))
    was, now = (_share(voices.person[rows], inside[rows]) for rows in (before, recent))
    change = newcombe(was, now)
    trend = "rising" if change.low > 0 else "falling" if change.high < 0 else "steady"
    return int(inside[recent].sum()), int(inside[before].sum()), trend
