"""A rubric is a Markdown file; a changed one is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest.errors import NotFound, SettingError, UsageError
from sayso_ingest.judge.prompt import grading_shape
from sayso_ingest.judge.rubric import Rubric
from sayso_ingest.labels import Label

FRONT = (
    '+++\nname = "accuracy"\nlabels = "right=1,partly=0.5,wrong=0"\n+++\n# What is right\n\nThe facts are.\n'
)


def test_the_front_matter_names_it_and_its_labels() -> None:
    rubric = Rubric.parse(FRONT, name="file")
    assert rubric.id.startswith("accuracy@")
    assert rubric.labels == (Label("right", 1), Label("partly", 0.5), Label("wrong", 0))
    assert rubric.text == "# What is right\n\nThe facts are."
    shape = grading_shape(rubric)
    assert shape.read({"rationale": "", "label": " RIGHT "}).label == "right"
    with pytest.raises(ValueError, match="not one of: right, partly, wrong"):
        shape.read({"rationale": "", "label": "good"})


def test_without_front_matter_it_is_called_as_its_file_and_has_the_labels_of_annotators(
    tmp_path: Path,
) -> None:
    file = tmp_path / "helpful.md"
    file.write_text("Good answers help.")
    rubric = Rubric.read(file)
    assert rubric.id.startswith("helpful@")
    assert len(rubric.id) == len("helpful@") + 8
    assert [label.name for label in rubric.labels] == ["good", "bad", "unclear"]


def test_a_changed_word_or_label_makes_another_rubric_and_the_same_text_the_same() -> None:
    assert Rubric.parse(FRONT, name="a").id == Rubric.parse(FRONT, name="b").id
    others = [FRONT.replace("facts", "figures"), FRONT.replace("partly=0.5", "partly=0.6")]
    assert len({Rubric.parse(text, name="a").id for text in [FRONT, *others]}) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "says nothing of what is good"),
        ("+++\n+++\n", "says nothing"),
        ("+++\nname = \n+++\nText.", "no TOML"),
        ('+++\nmodel = "x"\n+++\nText.', "sets 'model'"),
        ("+++\nname = 3\n+++\nText.", "sets 'name'"),
        ('+++\nname = ""\n+++\nText.', "the name ''"),
        ('+++\nname = "a"\nGood answers help.', "no such line ends what it sets"),
        ("+++", "no such line ends"),
    ],
)
def test_a_rubric_that_is_none_says_why(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Rubric.parse(text, name="r")


def test_how_an_editor_ends_lines_or_marks_a_file_is_no_part_of_a_rubric(tmp_path: Path) -> None:
    plain, windows = tmp_path / "a.md", tmp_path / "b.md"
    plain.write_bytes(FRONT.encode())
    windows.write_bytes(b"\xef\xbb\xbf" + FRONT.replace("\n", "\r\n").encode())
    assert Rubric.read(windows) == Rubric.read(plain)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "says nothing of what is good"),
        ("Gut ist, was hilft.".encode("utf-16"), "is no text in UTF-8"),
        (b"good " * 20_001, "has more than 100,000 bytes"),
    ],
)
def test_a_file_that_is_no_rubric_is_named_with_why(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "rubric.md"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=rf"rubric\.md {problem}"):
        Rubric.read(file)


@pytest.mark.parametrize("labels", ["good=7", "\\u001b[31mgood=1", "Yes=1,yes=0"])
def test_labels_that_are_none_name_the_file_they_stand_in(labels: str) -> None:
    with pytest.raises(SettingError, match=r"`labels` in rubric\.md") as raised:
        Rubric.parse(f'+++\nlabels = "{labels}"\n+++\nText.', name="r", source="rubric.md")
    assert "\x1b" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        with pytest.raises(NotFound, match=rf"{path.name} cannot be read as a rubric \((No such|Is a)"):
            Rubric.read(path)
