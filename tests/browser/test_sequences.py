"""Whatever a person does to a page, the verdicts that its storage held arrive, once, with the right value.

1,000 random sequences of press, Escape, reload, going offline, coming back, closing the tab and opening a second one.
Each sequence has a target of its own. 100 of them share one browser: its page shows their 100 pairs of thumbs, so that
what is done to the page is done to all of them at once, while each is pressed, or not, as chance draws it for that one.
All run against a real collector, event log, lander and DuckDB. The seed of each browser is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from browser.standin import Site
from browser.watch import until, waiting
from playwright.sync_api import Browser, BrowserContext, Page
from processes import wait_until
from service import Service

pytestmark = [pytest.mark.browser, pytest.mark.sequences]

BROWSERS = 10
SEQUENCES = 100
ROUNDS = 8
TABS = 3
OFFLINE_ROUNDS = 4
KEPT = 200
"""So many events wait at most; what comes past that drops the oldest, which is another test."""

PRESS = """(presses) => {
  const said = [];
  const hear = ({ detail }) => said.push([detail.id, detail.target, detail.body.value]);
  document.addEventListener('sayso-feedback', hear);
  for (const [target, side] of presses)
    document.querySelector(`[target="${target}"]`).shadowRoot.querySelectorAll('button')[side].click();
  document.removeEventListener('sayso-feedback', hear);
  return said;
}"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on an empty folder."""
    # A browser here presses a hundred times at once, which no person does: how fast one may is another test.
    limits = [f"--{whose}-{what}=100000" for whose in ("key", "who") for what in ("rate", "burst")]
    service = Service(tmp_path_factory.mktemp("sequences") / "data", *limits)
    yield service
    service.stop()


class Visit:
    """One browser in which 100 sequences run at once, and what was said in them."""

    def __init__(self, context: BrowserContext, url: str, targets: list[str], random: Random) -> None:
        self.said: list[tuple[str, str, str | None]] = []
        self._context = context
        self._url = url
        self._targets = targets
        self._random = random
        self._offline = 0
        self._tabs: list[Page] = []

    def run(self) -> None:
        """Every round, and then a page in peace until nothing waits in it."""
        for _ in range(ROUNDS):
            self._press()
            self._disturb()
        self._come_back()
        tab = self._any_tab()
        until(tab, lambda: not waiting(tab), seconds=60)

    def _press(self) -> None:
        """Press once or twice in about every fifth of the sequences, in one of the tabs, while there is room."""
        times = [(target, self._random.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))) for target in self._targets]
        presses = [(target, self._random.randrange(2)) for target, count in times for _ in range(count)]
        tab = self._any_tab()
        self.said += [tuple(one) for one in tab.evaluate(PRESS, presses[: KEPT - waiting(tab)])]

    def _disturb(self) -> None:
        """Do one thing to the page, or to the network under it."""
        deeds = (self._escape, self._reload, self._go_offline, self._come_back, self._close, self._open)
        if self._offline:
            self._offline += 1
            deeds = (self._escape, self._come_back)
            if self._offline > OFFLINE_ROUNDS:
                deeds = (self._come_back,)
        self._random.choice(deeds)()

    def _any_tab(self) -> Page:
        if not self._tabs:
            self._open()
        return self._random.choice(self._tabs)

    def _escape(self) -> None:
        self._any_tab().keyboard.press("Escape")

    def _reload(self) -> None:
        self._any_tab().reload()

    def _go_offline(self) -> None:
        self._offline = 1
        self._context.set_offline(True)

    def _come_back(self) -> None:
        """The network is back; now and then the person closes the tab at that moment."""
        self._offline = 0
        self._context.set_offline(False)
        if self._random.random() < 0.2:
            self._close()

    def _close(self) -> None:
        tab = self._any_tab()
        self._tabs.remove(tab)
        tab.close(run_before_unload=self._random.random() < 0.5)

    def _open(self) -> None:
        if len(self._tabs) < TABS:
            tab = self._context.new_page()
            tab.goto(self._url)
            tab.locator("sayso-thumbs:defined").first.wait_for(state="attached")
            self._tabs.append(tab)


def _visit(browser: Browser, service: Service, seed: int) -> Visit:
    """Run the sequences of one browser."""
    targets = [f"s{seed}_{number}" for number in range(SEQUENCES)]
    site = Site(service.url, script=service.printed("<script"))
    site.html = "".join(f'<sayso-thumbs target="{target}" no-exposure></sayso-thumbs>' for target in targets)
    context = browser.new_context()
    visit = Visit(context, site.origin, targets, Random(seed))
    try:
        visit.run()
    finally:
        context.close()
        site.close()
    return visit


def test_item_19_20_24_whatever_is_done_to_a_page_each_verdict_arrives_once(
    browser: Browser, service: Service
) -> None:
    said: list[tuple[str, str, str | None]] = []
    for seed in range(BROWSERS):
        print(f"seed {seed}")  # shown where it fails
        said += _visit(browser, service, seed).said

    wait_until(lambda: service.query("SELECT count(*) FROM events")[0][0] >= len(said), seconds=180)
    landed = [id for (id,) in service.query("SELECT event_id::VARCHAR FROM events")]
    assert sorted(landed) == sorted(id for id, *_ in said)
    verdicts = service.query("SELECT target, value FROM verdicts")
    assert len(verdicts) == len(dict(verdicts))
    assert dict(verdicts) == {target: value for _, target, value in said}
