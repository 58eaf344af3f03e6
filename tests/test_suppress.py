"""Comments that let a finding pass: where they hold, when they do not, and what is said of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import leakguard
from leakguard import Pack

PACK = """
[pack]
name = "acme"
[[rule]]
id = "unreleased"
title = "t"
why = "w"
severity = "high"
match = "loose"
terms = ["Zq Heron", { term = "Vx Egret", id = 17 }]
"""
NOW = datetime(2026, 11, 28, tzinfo=UTC)
OK = "leakguard: allow acme/t1 -- it is public"


@pytest.fixture(scope="module")
def guard() -> leakguard.Guard:
    return leakguard.compile([Pack.from_toml(PACK)], now=NOW)


# name of the file, its text, the answers to its findings in order, and how many comments are told of
HELD: dict[str, tuple[str, str, str, int]] = {
    "behind the hit, in prose": ("a.md", f"Zq Heron <!-- {OK} -->\n", "allow", 0),
    "before the hit, in prose": ("a.md", f"<!-- {OK} --> Zq Heron\n", "allow", 0),
    "alone, for the next line": ("a.md", f"<!-- {OK} -->\nZq Heron\n", "allow", 0),
    "alone, and not for the line after": ("a.md", f"<!-- {OK} -->\nx\nZq Heron\n", "block", 1),
    "alone, and not for the line before": ("a.md", f"Zq Heron\n<!-- {OK} -->\n", "block", 1),
    "by its rule": ("a.md", f"Zq Heron <!-- {OK.replace('t1', 'unreleased')} -->\n", "allow", 0),
    "two rules": ("a.md", "zqheron vxegret <!-- leakguard: allow acme/t1, acme/t17 -- p -->\n",
                  "allow allow", 0),
    "just the one that is named": ("a.md", f"zqheron vxegret <!-- {OK} -->\n", "allow block", 0),
    "with a day to come": ("a.md", f"zqheron <!-- {OK.replace(' --', ' until=2026-12-31 --')} -->",
                           "allow", 0),
    "on its last day": ("a.md", f"zqheron <!-- {OK.replace(' --', ' until=2026-11-28 --')} -->",
                        "allow", 0),
    "the day after": ("a.md", f"zqheron <!-- {OK.replace(' --', ' until=2026-11-27 --')} -->",
                      "block", 1),
    "without a reason": ("a.md", "zqheron <!-- leakguard: allow acme/t1 -->", "block", 1),
    "with an empty reason": ("a.md", "zqheron <!-- leakguard: allow acme/t1 --  -->", "block", 1),
    "without a rule": ("a.md", "zqheron <!-- leakguard: allow -- it is public -->", "block", 1),
    "a rule that nobody knows": ("a.md", f"zqheron <!-- {OK.replace('t1', 't2')} -->", "block", 1),
    "a word too many": ("a.md", f"zqheron <!-- {OK.replace('t1', 't1 please')} -->", "block", 1),
    "nothing to allow": ("a.md", f"x <!-- {OK} -->", "", 1),
    "in Python": ("a.py", f"x = 'zqheron'  # {OK}\n", "allow", 0),
    "in Go": ("a.go", f'x := "zqheron" // {OK}\n', "allow", 0),
    "in C": ("a.c", f"/* {OK} */\nint zq_heron;\n", "allow", 0),
    "before code on the same line": ("a.c", f"/* {OK} */ int zq_heron;\n", "allow", 0),
    "in SQL": ("a.sql", f"select zq_heron -- {OK}\n", "allow", 0),
    "in TeX": ("a.tex", f"Zq Heron % {OK}\n", "allow", 0),
    "in YAML": ("a.yaml", f"name: zqheron  # {OK}\n", "allow", 0),
    "in an INI file": ("a.ini", f"; {OK}\nname = zqheron\n", "allow", 0),
    "in HTML": ("a.html", f"<p>Zq Heron</p> <!-- {OK} -->\n", "allow", 0),
    "in reStructuredText": ("a.rst", f".. {OK}\nZq Heron\n", "allow", 0),
    "in a batch file": ("a.bat", f"rem {OK}\nset a=zqheron\n", "allow", 0),
    "in MDX": ("a.mdx", f"{{/* {OK} */}}\nZq Heron\n", "allow", 0),
    "in a template": ("a.j2", f"{{# {OK} #}}\nZq Heron\n", "allow", 0),
    "in a Dockerfile": ("Dockerfile", f"# {OK}\nLABEL zqheron\n", "allow", 0),
    "not in the prose itself": ("a.md", f"Zq Heron {OK}\n", "block", 0),
    "not under a heading's mark": ("a.md", f"# {OK}\nZq Heron\n", "block", 0),
    "not in a string": ("a.py", f"x = 'zqheron {OK}'\n", "block", 0),
    "a region": ("a.md", "<!-- leakguard: allow-start acme/t1 -- quoted -->\nx\nzqheron\n"
                 "<!-- leakguard: allow-end -->\nzqheron\n", "allow block", 0),
    "a region that never ends": ("a.md", "<!-- leakguard: allow-start acme/t1 -- q -->\nzqheron\n",
                                 "allow", 0),
    "lines that end as on Windows": ("a.md", f"<!-- {OK} -->\r\nZq Heron\r\n", "allow", 0),
    "a hit over two lines": ("a.md", f"<!-- {OK} -->\nthe Zq\nHeron\n", "allow", 0),
    "not what the comment spells": ("a.md", f"x <!-- {OK}: Zq Heron -->\n", "block", 1),
    "not what the comment spells, beside a hit": (
        "a.md", f"zqheron <!-- {OK}: Zq Heron -->\n", "allow block", 0),
    "not what the region's comment spells": (
        "a.md", "<!-- leakguard: allow-start acme/t1 -- Zq Heron -->\nzqheron\n", "block allow", 0),
    "but what stands behind the comment": ("a.md", f"<!-- {OK} --> then Zq Heron\n", "allow", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_a_comment(name: str, guard: leakguard.Guard) -> None:
    file, text, answers, told = HELD[name]
    run = guard.scan(text, name=file)
    assert [verdict.action for verdict in run.verdicts] == answers.split()
    assert len(run.notes) == told


def test_the_reason_and_the_day_are_told(guard: leakguard.Guard) -> None:
    text = f"x\nzqheron <!-- {OK.replace(' --', ' until=2026-12-31 --')} -->\n"
    (verdict,) = guard.scan(text, name="a.md").verdicts
    assert verdict.reason == "allowed in line 2 until 2026-12-31: it is public"


def test_what_is_said_of_a_comment_spells_nothing(guard: leakguard.Guard) -> None:
    text = "x <!-- leakguard: allow acme/zqheron -- a -->\n"
    (note,) = guard.scan(text, name="zq-heron.md").notes
    assert "eron" not in repr(note)


@pytest.mark.parametrize("size", [1, 3, 64, 4096])
def test_pieces_of_any_size_are_heard_alike(size: int, guard: leakguard.Guard) -> None:
    from leakguard.model import Chunk, Document, Origin
    from leakguard.suppress import Listener

    text = f"one\r\ntwo zqheron <!-- {OK} -->\r\n<!-- {OK} -->\r\nzqheron\r\n"
    pieces = [Chunk(at, text[at : at + size]) for at in range(0, len(text), size)]
    document = Document(Origin("text", "a.md"), lambda: iter(pieces))
    listener = Listener(document, NOW.date())
    assert "".join(chunk.text for chunk in listener.document.chunks()) == text
    heard = [(a.line, a.first, a.last, a.wrong) for a in listener.heard]
    assert heard == [(2, 2, 2, ""), (3, 4, 4, "")]
