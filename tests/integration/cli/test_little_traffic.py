"""Whatever little or odd the traffic is, every command of mining answers, or says in plain words what is not enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.console.people import console
from landed import append, event, land
from sayso_ingest.cli import run

LANGUAGES = (
    "我的包裹什么时候到？快递说昨天已经送到了。",
    "注文した靴のサイズを交換できますか",
    "พัสดุของฉันยังไม่มาถึงเลย ทำอย่างไรดี",
    "لم تصل الطرود بعد، ماذا أفعل؟",
    "איפה החבילה שלי",
    "Где моя посылка? Её ждут уже неделю.",
    "Wo bleibt mein Päckchen, bitte schön?",
    "मेरा पार्सल कहाँ है",
    "ຂ້ອຍຍັງບໍ່ໄດ້ຮັບເຄື່ອງ",
    "📦❓😡",
    "😀😀😀",
    "où est mon colis ? ça fait longtemps",
)
LONG = "a very long question about parcels and invoices " * 2_700

TRAFFIC: dict[str, list[str]] = {
    "nothing": [],
    "one": ["Where is my parcel?"],
    "ten": [f"Where is parcel {number}?" for number in range(10)],
    "one topic": [f"Where is my parcel, number {number}, now?" for number in range(60)],
    "all identical": ["Where is my parcel?"] * 60,
    "many languages": [text + " " * (number % 3) for number in range(3) for text in LANGUAGES],
    "marks and blanks": ["", " ", "\n\t", "\u3000", "!?", "...", "\u200b", "-", "🙂", "0"] * 3,
    "blanks alone": ["", "  ", "\n"],
    "long": [f"{number} {LONG}" for number in range(3)] + ["x" * 500_000, "short"],
    "NUL and controls": ["Where\x00is it?", "\x00", "\x1b[31mred\x07", "a\u202eb", "Where is it?\x00\x00"],
    "enough of one": ["Where is my parcel?"] * 250,
}
COMMANDS = [
    *(
        ["mine", "--set", "s", "--budget", "5", "--strategy", name]
        for name in ("hard", "different", "represent", "rare")
    ),
    ["coverage", "--set", "s"],
    ["drift"],
    ["themes"],
    ["evalset", "candidates", "s"],
    ["evalset", "promote", "s", "--all"],
    ["evalset", "check", "s"],
    ["mine", "--set", "s", "--budget", "5", "--strategy", "different"],
    ["coverage", "--set", "s"],
]
PAGES = ("/coverage", "/candidates", "/evalsets", "/problems", "/inbox")


def fill(folder: Path, texts: list[str], *, spoken: bool) -> None:
    """Land one interaction a text, and thumbs and comments about every third where people spoke."""
    append(folder, event("exposure", target="seen", body={"surface": "thumbs"}))
    for number, text in enumerate(texts):
        about = {"target": f"t{number}", "actor": f"u{number}"}
        said = [event("interaction", **about, body={"input": text, "output": text[::-1]})]
        if spoken and number % 3 == 0:
            said.append(event("thumb", **about, body={"value": "down"}))
            said.append(event("comment", **about, body={"text": text[:20_000]}))
        append(folder, *said)
    land(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "spoken"),
    [*((kind, True) for kind in TRAFFIC), ("one topic", False)],
)
def test_odd_and_little_traffic_is_answered_or_said_to_be_too_little(
    kind: str, spoken: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "default"
    fill(folder, TRAFFIC[kind], spoken=spoken)
    for command in COMMANDS:
        code = run([*command, "--data", str(tmp_path)])
        printed, said = capsys.readouterr()
        about = f"{command}: {code}, {said}"
        assert "Unexpected" not in said and "Traceback" not in said, about
        assert code == 0 or "Error: " in said or "check" in command, about
        assert printed.strip() or said.strip(), about
    for page in PAGES:
        assert console(folder).get(page).status_code == 200, page
