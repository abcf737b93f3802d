"""What widgets owe the page they stand in: its content policy, its frameworks, its languages, its other scripts."""

from __future__ import annotations

from typing import Any

import pytest
from browser.standin import WIDGET, Collector, Site
from browser.watch import kept, pressed, told, until, visit
from playwright.sync_api import ConsoleMessage, Page, expect

pytestmark = pytest.mark.browser

UP, DOWN = "Good answer", "Bad answer"
THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'
COMMENT = '<sayso-comment target="msg_1" no-exposure></sayso-comment>'


def test_item_01_no_violation_of_the_strictest_policy_also_with_all_that_opens(
    page: Page, site: Site, collector: Collector
) -> None:
    page.add_init_script(
        "globalThis.violations = [];"
        "addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations.push(violatedDirective))"
    )
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in site.policy
    assert site.policy.startswith("default-src 'none'; ")
    assert "style-src 'self'" in site.policy
    visit(page, site, f"{THUMBS}{THUMBS.replace('no-exp', 'placement=popover no-exp')}{COMMENT}")
    for nth in (0, 1):
        page.get_by_role("button", name=DOWN).nth(nth).click()
        page.get_by_role("button", name="Not correct").last.click()
        page.get_by_role("textbox", name="In your own words").last.fill("x" * 4950)
        page.keyboard.press("Control+Enter")
    page.get_by_role("textbox", name="Your comment").fill("Which card?")
    page.keyboard.press("Control+Enter")
    until(page, lambda: len(told(page, "sent")) == 5)
    assert page.evaluate("violations") == []


def test_item_14_what_was_set_before_the_element_was_defined_holds(page: Page, site: Site) -> None:
    site.policy = "default-src *; script-src * 'unsafe-inline'"
    html = """<sayso-thumbs></sayso-thumbs><sayso-comment></sayso-comment><script>
      Object.assign(document.querySelector('sayso-thumbs'), {
        target: 'early', comment: 'both', noExposure: true, context: { page: '/help' },
        reasons: [{ id: 'r', label: 'Rude' }], upReasons: ['Short'], strings: { askUp: 'Why?' },
      });
      Object.assign(document.querySelector('sayso-comment'), { target: 'early', value: 'x', draftKey: 'k' });
    </script>"""
    visit(page, site, html)
    page.get_by_role("button", name=UP).click()
    expect(page.get_by_role("group", name="Why?").get_by_role("button", name="Short")).to_be_visible()
    page.get_by_role("button", name=DOWN).click()
    expect(page.get_by_role("button", name="Rude")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your comment")).to_have_value("x")
    [first, *_] = told(page, "feedback")
    assert (first["target"], first["meta"]) == ("early", {"page": "/help"})


def test_item_14_a_list_that_a_framework_wrote_as_text_is_as_if_it_were_absent(
    page: Page, site: Site
) -> None:
    visit(page, site, THUMBS.replace("no-exp", 'reasons="[object Object]" no-exp'))
    page.get_by_role("button", name=DOWN).click()
    expect(page.get_by_role("button", name="Not correct")).to_be_visible()


def other_copy(page: Page, collector: Collector, version: str) -> list[str]:
    """Load the script once more as another version, and return what it warns of."""
    warnings: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if line.type == "warning" and "sayso" in line.text:
            warnings.append(line.text)

    page.on("console", hear)
    text = WIDGET.read_text("utf-8").replace("sayso-js/0.1.0", version)
    page.route("**/other.js", lambda route: route.fulfill(body=text, content_type="text/javascript"))
    page.evaluate(
        """(src) => new Promise((loaded) => {
          const script = document.createElement('script');
          Object.assign(script, { src, onload: loaded });
          script.dataset.key = 'pk_other';
          document.head.append(script);
        })""",
        f"{collector.origin}/other.js",
    )
    return warnings


@pytest.mark.parametrize(("version", "count"), [("sayso-js/0.1.0", 0), ("sayso-js/9.9.9", 1)])
def test_item_15_a_second_copy_leaves_all_to_the_first_and_another_version_is_told_of(
    page: Page, site: Site, collector: Collector, version: str, count: int
) -> None:
    site.policy = site.policy.replace("; require-trusted-types-for 'script'; trusted-types 'none'", "")
    visit(page, site, THUMBS)
    warnings = other_copy(page, collector, version)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    assert [request["key"] for request in collector.requests] == ["pk_test"]
    assert len(warnings) == count
    assert collector.thumbs == [("msg_1", "up", None)]


def test_item_15_define_never_throws(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    answers = page.evaluate(
        """() => {
          const Thumbs = customElements.get('sayso-thumbs');
          return [Thumbs.define(), Thumbs.define('not a name'), class extends Thumbs {}.define('other-thumbs')];
        }"""
    )
    assert answers == [False, False, True]


def test_item_17_five_hundred_widgets_share_one_style_sheet(page: Page, site: Site) -> None:
    visit(page, site, "".join(f'<sayso-thumbs target="m{at}"></sayso-thumbs>' for at in range(500)))
    page.get_by_role("button", name=DOWN).nth(250).click()
    found: dict[str, Any] = page.evaluate(
        """() => {
          const roots = [...document.querySelectorAll('sayso-thumbs')].map(({ shadowRoot }) => shadowRoot);
          return {
            widgets: roots.length,
            sheets: new Set(roots.flatMap(({ adoptedStyleSheets }) => [...adoptedStyleSheets])).size,
            panels: roots.filter((root) => root.querySelector('textarea')).length,
          };
        }"""
    )
    assert found == {"widgets": 500, "sheets": 1, "panels": 1}


def test_a_client_that_comes_late_serves_the_widgets_that_are_there(
    page: Page, site: Site, collector: Collector
) -> None:
    site.script = f'<script src="{collector.origin}/sayso.js" defer></script>'
    visit(page, site, THUMBS)
    page.get_by_role("button", name=UP).click()
    [error] = told(page, "error")
    assert error["message"] == "unusable: no key, which data-key or configure() gives"
    page.evaluate("(url) => { sayso.configure({ key: 'pk_late', url }); }", collector.origin)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    assert [request["key"] for request in collector.requests] == ["pk_late"]
    page.reload()
    assert pressed(page.locator("sayso-thumbs")) is None
    page.evaluate("(url) => { sayso.configure({ key: 'pk_late', url }); }", collector.origin)
    assert pressed(page.locator("sayso-thumbs")) == "up"


def test_before_there_is_a_key_nothing_is_stored_whatever_a_person_does(
    page: Page, site: Site, collector: Collector
) -> None:
    site.script = f'<script src="{collector.origin}/sayso.js" defer></script>'
    suggestion = "<sayso-suggestion target=msg_2 original=a suggestion=b></sayso-suggestion>"
    visit(page, site, f"{THUMBS}{suggestion}<sayso-comment target=msg_3></sayso-comment>")
    page.get_by_role("button", name=UP).click()
    page.get_by_role("textbox").fill("It was fine.")
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox").first.fill("c")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.evaluate("(url) => { sayso.configure({ key: 'pk_late', url }); }", collector.origin)
    page.get_by_role("textbox").first.fill("cc")
    assert page.evaluate("sessionStorage.length") == 1
    assert page.evaluate("typeof sayso.client.reset") == "function"


def test_item_27_a_widget_speaks_the_language_it_stands_in_also_across_a_shadow_root(
    page: Page, site: Site
) -> None:
    visit(page, site, f"<div lang=de-AT><section></section></div>{THUMBS}")
    page.evaluate(
        """() => {
          const root = document.querySelector('section').attachShadow({ mode: 'open' });
          root.append(document.createElement('sayso-thumbs'), document.createElement('sayso-comment'));
          sayso.registerStrings('de', { up: 'Gute Antwort', ask: 'Ihr Kommentar' });
        }"""
    )
    expect(page.get_by_role("button", name="Gute Antwort")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Ihr Kommentar")).to_have_count(1)
    expect(page.get_by_role("button", name=UP)).to_have_count(1)


def test_item_27_new_words_do_not_disturb_an_open_panel(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("button", name=DOWN).click()
    page.get_by_role("textbox").fill("Which card?")
    page.evaluate("sayso.registerStrings('en', { askDown: 'What was wrong?' })")
    expect(page.get_by_role("group", name="What was wrong?")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")


def test_a_page_may_name_one_language_for_all(page: Page, site: Site) -> None:
    site.script = site.script.replace("defer", "data-lang=de defer")
    visit(page, site, THUMBS)
    page.evaluate("sayso.registerStrings('de', { up: 'Gute Antwort' })")
    expect(page.get_by_role("button", name="Gute Antwort")).to_be_visible()


def test_after_a_log_out_nothing_is_left_of_who_was_there(page: Page, site: Site) -> None:
    site.script = site.script.replace(" data-key", " data-nothing")
    visit(page, site, THUMBS + COMMENT)
    page.evaluate(
        "(url) => { globalThis.client = sayso.configure({ key: 'pk_test', url }); }",
        site.script.split('"')[1].removesuffix("/sayso.js"),
    )
    page.get_by_role("button", name=DOWN).click()
    page.get_by_role("textbox", name="In your own words").fill("Which card?")
    page.get_by_role("textbox", name="Your comment").fill("Which card?")
    page.evaluate("client.reset()")
    assert pressed(page.locator("sayso-thumbs")) is None
    expect(page.get_by_role("textbox")).to_have_count(1)
    expect(page.get_by_role("textbox")).to_have_value("")
    assert "Which card?" not in kept(page)


def test_a_comment_that_is_used_again_for_another_target_has_the_words_for_that_one(
    page: Page, site: Site
) -> None:
    visit(page, site, COMMENT)
    field = page.get_by_role("textbox")
    field.fill("about the first")
    page.locator("sayso-comment").evaluate("(element) => { element.target = 'msg_2'; }")
    expect(field).to_have_value("")
    page.locator("sayso-comment").evaluate("(element) => { element.target = 'msg_1'; }")
    expect(field).to_have_value("about the first")
