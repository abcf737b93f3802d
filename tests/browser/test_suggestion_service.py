"""From a decision about a suggestion in a real browser to its row in `suggestions`, through `sayso serve`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.standin import Site
from browser.watch import until
from playwright.sync_api import Page
from service import Service

pytestmark = pytest.mark.browser

BEFORE, AFTER = "It were good.", "It was good."


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on an empty folder."""
    service = Service(tmp_path_factory.mktemp("service") / "data")
    yield service
    service.stop()


def test_accepted_edited_rejected_and_undone_become_the_right_rows(service: Service, page: Page) -> None:
    site = Site(service.url, script=service.printed("<script"))
    site.html = "".join(
        f'<sayso-suggestion target="{target}" name="grammar" original="{BEFORE}" suggestion="{AFTER}" '
        'reasons="Wrong tone"></sayso-suggestion>'
        for target in ("accepted", "edited", "rejected", "undone")
    )
    page.goto(site.origin)

    def press(target: str, *names: str) -> None:
        for name in names:
            page.locator(f'[target="{target}"]').get_by_role("button", name=name, exact=True).click()

    press("accepted", "Accept")
    press("edited", "Edit")
    page.get_by_role("textbox").fill("It was fine.")
    press("edited", "Save")
    press("rejected", "Reject", "Wrong tone")
    press("undone", "Accept", "Undo")

    suggestions = (
        "SELECT target, name, outcome, original, proposed, final, decided_in_ms >= 0 "
        "FROM suggestions ORDER BY target"
    )
    verdicts = "SELECT target, value FROM verdicts WHERE kind = 'suggestion' ORDER BY target"
    landed = "SELECT count(*) FROM events WHERE kind IN ('suggestion', 'detail')"
    until(page, lambda: service.query(landed) == [(6,)], seconds=60)
    assert service.query(suggestions) == [
        ("accepted", "grammar", "accepted", BEFORE, AFTER, None, True),
        ("edited", "grammar", "edited", BEFORE, AFTER, "It was fine.", True),
        ("rejected", "grammar", "rejected", BEFORE, AFTER, None, True),
        ("undone", "grammar", "undone", BEFORE, AFTER, None, True),
    ]
    assert service.query(verdicts) == [(word, word) for word in ("accepted", "edited", "rejected", "undone")]
    assert service.query("SELECT reasons FROM feedback WHERE target = 'rejected'") == [(["Wrong tone"],)]
    site.close()
