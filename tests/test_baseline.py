"""The baseline: what is known stays known, what has changed does not, and nobody learns a thing."""

from __future__ import annotations

import random
import re
import shlex
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from house import Ran
from hypothesis import given
from hypothesis import strategies as st
from repo import Repo

import leakguard
from leakguard import Pack, Screening, baseline, config, sources
from leakguard.__main__ import main
from leakguard.errors import ConfigError
from leakguard.shown import eight_bits

NOW = datetime(2026, 11, 28, tzinfo=UTC)
TODAY = NOW.date()
WORDS = (
    "the team moved every queue to a smaller broker and wrote down what broke while we waited for "
    "traffic to settle because nobody had measured how long a retry really takes under load when "
    "caches are cold so graphs looked fine until morning and then reviewers asked for numbers"
).split()
NAMES = [f"{a} {b}" for a in ("Zq", "Vx", "Qj") for b in ("Heron", "Egret", "Plover", "Godwit")]
HEAD = '[pack]\nname = "{}"\n'
RULE = '\n[[rule]]\nid = "{}"\ntitle = "t"\nwhy = "w"\nseverity = "high"\n'
PACK = (
    HEAD.format("acme")
    + RULE.format("unreleased") + f'match = "loose"\nterms = {NAMES!r}\n'.replace("'", '"')
    + RULE.format("card") + "pattern = '''\\b4\\d{15}\\b'''\ncheck = \"luhn\"\n"
    + 'confidence = { checked = "high" }\nexamples = ["4111111111111111"]\n'
    + RULE.format("ticket") + "pattern = '''\\bOPS-\\d{3,6}\\b'''\nconfidence = \"high\"\n"
    + 'examples = ["OPS-123"]\n'
)  # fmt: skip
MORE = HEAD.format("more") + RULE.format("phrase") + 'terms = ["smaller broker", "cold"]\n'


def luhn(body: str) -> str:
    """`body` with its check digit."""
    digits = [int(digit) for digit in reversed(body)]
    doubled = [d * 2 - 9 * (d > 4) if place % 2 == 0 else d for place, d in enumerate(digits)]
    return body + str(-sum(doubled) % 10)


class Post(NamedTuple):
    """A post of paragraphs, each one line, as blogs have them."""

    path: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n"


def posts(number: int, seed: int = 7) -> list[Post]:
    """Posts with nine or ten paragraphs, and a hit of some kind in each."""
    chance = random.Random(seed)

    def hit() -> str:
        card = "4" + "".join(chance.choices("0123456789", k=14))
        return chance.choice([chance.choice(NAMES), luhn(card), f"OPS-{chance.randrange(10**6)}"])

    def paragraph() -> str:
        words = chance.choices(WORDS, k=chance.randrange(8, 20))
        words.insert(chance.randrange(len(words)), hit())
        return f"{' '.join(words)}."

    return [Post(f"posts/{n:03}.md", tuple(paragraph() for _ in range(10))) for n in range(number)]


@pytest.fixture(scope="module")
def guard() -> leakguard.Guard:
    return leakguard.compile([Pack.from_toml(PACK)], now=NOW)


def write(folder: Path, written: list[Post]) -> None:
    for post in written:
        path = folder / post.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(post.text, encoding="utf-8")


def screen(guard: leakguard.Guard, folder: Path) -> Screening:
    return guard.screen(sources.from_paths(["."]))


def known(run: Screening, folder: Path) -> tuple[baseline.Known, ...]:
    verdicts = [v for v in run.verdicts if v.action in ("block", "warn")]
    return tuple(baseline.of(verdict, str(folder)) for verdict in verdicts)


# ── what stays known ─────────────────────────────────────────────────────────────────────────────


def moved(before: list[Post]) -> list[Post]:
    chance = random.Random(1)
    return [
        post._replace(paragraphs=tuple(chance.sample(post.paragraphs, len(post.paragraphs))))
        for post in before
    ]


def renamed(before: list[Post]) -> list[Post]:
    return [
        post._replace(path=post.path.replace("posts/", "archive/2026-")) if n % 3 == 0 else post
        for n, post in enumerate(before)
    ]


def rewrapped(before: list[Post]) -> list[Post]:
    return [
        post._replace(paragraphs=tuple(textwrap.fill(p, 50) for p in post.paragraphs))
        for post in before
    ]


def with_new_lines(before: list[Post]) -> list[Post]:
    return [
        post._replace(paragraphs=("a word before all else", *post.paragraphs)) for post in before
    ]


def half_rewrapped(before: list[Post]) -> list[Post]:
    return [
        post._replace(
            paragraphs=(*post.paragraphs[:5], *(textwrap.fill(p, 50) for p in post.paragraphs[5:]))
        )
        for post in before
    ]


CHANGES: dict[str, tuple[Callable[[list[Post]], list[Post]], ...]] = {
    "lines added, and paragraphs wrapped anew": (with_new_lines, rewrapped),
    "lines moved, files renamed, half of them wrapped anew, and a pack more": (
        moved, renamed, half_rewrapped,
    ),
    "lines moved, files renamed, all wrapped anew, and a pack more": (moved, renamed, rewrapped),
}  # fmt: skip


@pytest.fixture(scope="module")
def before(guard: leakguard.Guard, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("before")
    written = posts(200)
    write(folder, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run = screen(guard, folder)
        entries = known(run, folder)
    assert len(entries) == 2000
    return Written(written, entries)


class Written(NamedTuple):
    """Posts, and the baseline that was made of them."""

    posts: list[Post]
    entries: tuple[baseline.Known, ...]


@pytest.mark.parametrize("change", CHANGES)
def test_of_two_thousand_at_least_99_in_100_stay_known(
    change: str,
    before: Written,
    guard: leakguard.Guard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = before.posts
    for step in CHANGES[change]:
        after = step(after)
    write(tmp_path, after)
    monkeypatch.chdir(tmp_path)
    if "a pack more" in change:
        guard = leakguard.compile([Pack.from_toml(PACK), Pack.from_toml(MORE)], now=NOW)
    run = screen(guard, tmp_path)
    matched = baseline.match(run.verdicts, before.entries, str(tmp_path), TODAY)
    assert len(matched.used) >= 0.99 * len(before.entries)
    assert len(set(matched.used.values())) == len(matched.used)
    passed = [v for v in matched.verdicts if v.action == "allow"]
    assert len(passed) == len(matched.used)
    assert not [v for v in passed if v.finding.rule == "more/phrase"]


def test_a_changed_value_is_new(
    before: Written, guard: leakguard.Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One digit is another one, and the check digit fits again."""
    chance = random.Random(3)

    def other(word: str) -> str:
        number = word.strip(".").lower()
        if len(number) != 16 or not number.isdigit():
            return word
        place = chance.randrange(1, 15)
        digit = str((int(number[place]) + chance.randrange(1, 10)) % 10)
        return word.replace(number, luhn(number[:place] + digit + number[place + 1 : 15]))

    after = [
        post._replace(paragraphs=tuple(" ".join(map(other, p.split(" "))) for p in post.paragraphs))
        for post in before.posts
    ]
    write(tmp_path, after)
    monkeypatch.chdir(tmp_path)
    run = screen(guard, tmp_path)
    matched = baseline.match(run.verdicts, before.entries, str(tmp_path), TODAY)
    cards = [v for v in matched.verdicts if v.finding.rule == "acme/card"]
    taken_for_known = sum(v.action == "allow" for v in cards)
    assert len(cards) > 500
    assert taken_for_known == 0
    others = [v for v in matched.verdicts if v.finding.rule != "acme/card"]
    assert {v.action for v in others} == {"allow"}


@given(
    st.text("0123456789", min_size=3, max_size=15),
    st.lists(st.tuples(st.integers(0, 14), st.integers(1, 9)), min_size=1, max_size=2),
)
def test_eight_bits_tell_one_or_two_other_digits(value: str, edits: list[tuple[int, int]]) -> None:
    digits = [int(digit) for digit in value]
    places = {place % len(digits): change for place, change in edits}
    changed = [(d + places.get(n, 0)) % 10 for n, d in enumerate(digits)]
    assert eight_bits(value) != eight_bits("".join(map(str, changed)))


# ── each entry once, and only where it may be ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("then", "path", "now", "new"),
    [
        ("a Zq Heron b", "a.md", "a Zq Heron b", 0),
        ("a Zq Heron b", "a.md", "a Zq Heron b\na Zq Heron b", 1),
        ("a Zq Heron b", "a.md", "a Zq Egret b", 1),
        ("a Zq Heron b", "a.md", "quite another line about zq_heron", 0),
        ("a Zq Heron b", "there.md", "a Zq Heron b", 1),
        ("a Zq Heron b", "gone.md", "a Zq Heron b", 0),
        ("a Zq Heron b", "gone.md", "quite another line about zq_heron", 1),
        ("x 4111111111111111", "a.md", "x 4012888888881881", 1),
        ("x 4111111111111111", "a.md", "y and z 4111111111111111", 0),
    ],
)
def test_an_entry_is_used_once_and_for_no_more(
    then: str,
    path: str,
    now: str,
    new: int,
    guard: leakguard.Guard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.md").write_text("x", encoding="utf-8")
    entries = known(guard.scan(then, name=path), tmp_path)
    run = guard.scan(now, name="a.md")
    matched = baseline.match(run.verdicts, entries, str(tmp_path), TODAY)
    assert sum(v.action == "block" for v in matched.verdicts) == new
    for verdict in matched.verdicts:
        assert verdict.action == "block" or verdict.reason.startswith("in the baseline")


# ── what it says ─────────────────────────────────────────────────────────────────────────────────

DICTIONARY = ["Blue Heron", "Kittiwake", "Saltmarsh Gate", "Project Larkspur", "Tern-9", "Ø"]
TEXT = "# The roadmap\n\nWe ship {} in May, with Acme.\n\nAsk about {} or `{}_v2`.\n"


def test_no_list_of_guesses_tells_the_term(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is the same for every term: whoever has it can try a dictionary in vain."""
    monkeypatch.chdir(tmp_path)
    files = set()
    for word in DICTIONARY:
        pack = HEAD.format("acme") + RULE.format("unreleased") + f'terms = ["{word}"]\n'
        guard = leakguard.compile([Pack.from_toml(pack)], now=NOW)
        run = guard.scan(TEXT.format(word, word, word), name="a.md")
        files.add(baseline.written(known(run, tmp_path)))
    assert len(files) == 1


def test_a_value_gives_away_eight_bits_at_most(
    guard: leakguard.Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cards = [luhn(f"4{number:014}") for number in range(600)]
    said = {known(guard.scan(f"card {card}", name="a.md"), tmp_path)[0] for card in cards}
    assert len(said) <= 256
    assert len({entry._replace(value="") for entry in said}) == 1


def test_what_has_no_check_digit_gives_away_nothing(
    guard: leakguard.Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {known(guard.scan(f"see OPS-{n}", name="a.md"), tmp_path) for n in range(100, 200)}
    assert len(said) == 1


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    entries = (
        baseline.Known("acme/t1", "a.md", "00000000"),
        baseline.Known("acme/card", 'b "c"\\d.md', "0123abcd", 3, "ff", "a reason: ü", TODAY),
    )
    path = tmp_path / "leakguard.baseline.toml"
    path.write_text(baseline.written(reversed(entries)), encoding="utf-8")
    assert baseline.load(str(path)) == entries


def test_entries_are_blocks_in_order_so_that_merges_do_not_meet() -> None:
    entries = [baseline.Known("acme/t1", f"{name}.md", "00000000") for name in "bca"]
    text = baseline.written(entries)
    assert text == baseline.written([*reversed(entries), entries[0]])
    _, *blocks = text.split("\n\n")
    assert [block.splitlines()[2] for block in blocks] == [f'path = "{n}.md"' for n in "abc"]


@pytest.mark.parametrize("day", [1, 2, 3])
def test_leave_ends_with_its_last_day(
    day: int, guard: leakguard.Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = guard.scan("a Zq Heron b", name="a.md")
    last = TODAY.replace(month=12, day=2)
    entries = [entry._replace(until=last) for entry in known(run, tmp_path)]
    today = last.replace(day=day)
    matched = baseline.match(run.verdicts, entries, str(tmp_path), today)
    assert [v.action for v in matched.verdicts] == ["allow" if day <= 2 else "block"]
    assert bool(matched.notes) == (day > 2)


# ── the commands ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "leakguard.toml").write_text(
        'packs = ["./acme.toml"]\nexclude = ["*.toml"]\n', encoding="utf-8"
    )
    (tmp_path / "a.md").write_text("The Zq Heron flies.\nPay 4111111111111111.\n", "utf-8")

    def call(*argv: str) -> Ran:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_what_is_known_passes_and_what_is_new_does_not(run: Callable[..., Ran]) -> None:
    assert run("check", "-q")[0] == 1
    assert run("baseline") == (0, "leakguard.baseline.toml: 2 added, 0 known before\n", "")
    code, out, err = run("check")
    assert (code, out) == (0, "")
    assert "2 allowed" in err
    Path("b.md").write_text("A Zq Egret.\n", encoding="utf-8")
    code, out, err = run("check", "--new-only")
    assert code == 1
    assert "a.md" not in out
    assert run("baseline") == (0, "leakguard.baseline.toml: 1 added, 2 known before\n", "")
    assert run("check", "-q")[0] == 0


def test_pruning_drops_what_is_there_no_more_and_follows_what_moved(
    run: Callable[..., Ran],
) -> None:
    run("baseline")
    Path("a.md").rename("b.md")
    Path("b.md").write_text("# News\n\nThe Zq Heron flies.\nPay X.\n", encoding="utf-8")
    assert run("baseline", "--prune") == (0, "leakguard.baseline.toml: 1 kept, 1 dropped\n", "")
    (entry,) = baseline.load("leakguard.baseline.toml")
    assert (entry.rule, entry.path) == ("acme/t1", "b.md")


def test_allowing_takes_a_reason_and_says_it(run: Callable[..., Ran]) -> None:
    shown = run("check")[1]
    fingerprint = shown.partition("leakguard allow ")[2][:8]
    code, out, _ = run("allow", fingerprint, "--reason", "it is public", "--until", "2099-12-31")
    assert code == 0
    assert out == ("leakguard.baseline.toml: acme/t1 in a.md is let pass until 2099-12-31: "
                   "it is public\n")  # fmt: skip
    import json

    (first, second) = json.loads(run("check", "--format", "json")[1])["findings"]
    assert (first["action"], first["reason"]) == ("allow", "in the baseline: it is public")
    assert second["action"] == "block"
    assert run("allow", fingerprint, "--reason", "again")[0] == 0
    (entry,) = baseline.load("leakguard.baseline.toml")
    assert (entry.reason, entry.until) == ("again", None)


@pytest.mark.parametrize(
    "options",
    [
        ("--pack", "./more packs.toml"),
        ("--only-pack=./acme.toml",),
        ("--no-config", "--pack", "./acme.toml"),
        ("--config", "leakguard.toml"),
    ],
    ids=" ".join,
)
def test_what_is_offered_works_as_it_is_typed(
    run: Callable[..., Ran], options: tuple[str, ...]
) -> None:
    Path("more packs.toml").write_text(MORE, encoding="utf-8")
    out = run("check", "a.md", *options)[1]
    offered = re.findall(r"^    skip  (.*(?:\n {10}.*)*)", out, flags=re.M)
    assert len(offered) >= 2
    for command in offered:
        _, *words = shlex.split(command)
        assert run(*words)[0] == 0, words
    assert run("check", "a.md", "-q", *options)[0] == 0


def test_what_stands_in_an_old_commit_alone_is_let_pass_there_alone(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    repo = Repo(tmp_path)
    repo.commit()
    Path("a.md").write_text("Nothing.\n", encoding="utf-8")
    repo.commit({}, "Told before")
    assert run("check", "-q", "a.md")[0] == 0
    code, out, _ = run("check", "--history")
    assert code == 1
    for fingerprint in re.findall("leakguard allow ([0-9a-f]{8})", out):
        code, out, _ = run("allow", fingerprint, "--reason", "published long ago")
        assert (code, "a.md of commit " in out) == (0, True)
    code, _, err = run("check", "--history")
    assert code == 0
    assert "2 allowed" in err
    # The file may not have it again, pruning keeps what commits say, and a new commit is told.
    Path("a.md").write_text("The Zq Heron flies.\n", encoding="utf-8")
    assert run("check", "-q", "a.md")[0] == 1
    assert run("baseline", "--prune")[1] == "leakguard.baseline.toml: 2 kept, 0 dropped\n"
    repo.commit({}, "Again")
    assert run("check", "--history", "-q")[0] == 1


def test_a_reason_that_spells_a_term_is_not_written(run: Callable[..., Ran]) -> None:
    fingerprint = run("check")[1].partition("leakguard allow ")[2][:8]
    code, _, err = run("allow", fingerprint, "--reason", "Zq Heron is public")
    assert code == 2
    assert "eron" not in err
    assert not Path("leakguard.baseline.toml").exists()


@pytest.mark.parametrize(
    ("policy", "code"), [("", 2), ("suppress_critical = true\n", 0)], ids=["usual", "allowed"]
)
def test_a_critical_term_is_let_pass_if_the_policy_says_so(
    policy: str, code: int, run: Callable[..., Ran]
) -> None:
    Path("acme.toml").write_text(PACK.replace('"high"', '"critical"', 1), encoding="utf-8")
    with Path("leakguard.toml").open("a", encoding="utf-8") as file:
        file.write(policy)
    import json

    found = json.loads(run("check", "--format", "json")[1])["findings"]
    (term,) = [finding for finding in found if finding["rule"] == "acme/unreleased"]
    got, _, err = run("allow", term["fingerprint"], "--reason", "public")
    assert got == code
    assert ("a critical term is not let pass by a note" in err) == (code == 2)


def test_a_file_that_was_changed_meanwhile_is_left_alone(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    from leakguard.checking import Asked
    from leakguard.commands.baseline import Baseline

    known_ = Baseline(Asked())
    Path("leakguard.baseline.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(leakguard.LeakguardError):
        known_.put([])
    assert Path("leakguard.baseline.toml").read_text("utf-8") == "# mine\n"


def test_a_baseline_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "leakguard.baseline.toml"
    path.write_text("[[known]]\nrule = 'acme/t1'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="number 1"):
        baseline.load(str(path))


def test_nothing_is_known_without_the_file(tmp_path: Path) -> None:
    assert config.Config(folder=str(tmp_path)).baseline() == ""
