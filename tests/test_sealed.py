"""Sealed lists: what is in the clear, what is not, and what damage, forgery and errors tell."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import tomli
from keyrings import BOB, JANE, new_key

from leakguard import packs, sealed
from leakguard.errors import InternalError, LeakguardError, PackError, UsageError
from leakguard.keys import Keyring, Recipient
from leakguard.packs import Pack

TERMS = ("Blue Heron", "Osprey Ridge", "Saffron Kite")
ACME = """# the names of Acme
[pack]
name = "acme"
version = "2026.11"
owner = "brand-legal@example.com"
reviewed = 2026-11-22

[[rule]]
id = "unreleased"
title = "unreleased project name"
severity = "high"
match = "loose"
terms = ["Blue Heron", { term = "Osprey Ridge", id = 17 }]
why = "It has not been announced."

[[rule]]
id = "part-number"
title = "unreleased part"
severity = "high"
pattern = '''SaffronKite-\\d{4}'''
examples = ["SaffronKite-0001"]
counter_examples = ["Saffron Kite"]
confidence = "high"
why = "It has not been announced."
"""
BOTH = (Recipient("jane", JANE.public), Recipient("bob, on call", BOB.public))
LIST = sealed.seal(ACME, BOTH, "acme.toml", name="acme.sealed")


@pytest.fixture(scope="module")
def jane(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return JANE.keyring(tmp_path_factory.mktemp("jane"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return new_key().keyring(tmp_path_factory.mktemp("stranger"))


def written(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


def spells(text: str | bytes) -> bool:
    """Whether anything of what is sealed stands in `text`, however it is cased and joined."""
    bare = "".join(c for c in written(text).casefold() if c.isalnum())
    return any("".join(term.casefold().split()) in bare for term in TERMS)


# ── what is in the clear ─────────────────────────────────────────────────────────────────────────


def test_a_sealed_list_is_toml_that_spells_nothing() -> None:
    table = tomli.loads(LIST.decode())
    assert table["sealed"]["pack"] == "acme"
    assert table["sealed"]["body"].startswith("-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert LIST.isascii()
    assert not spells(LIST)


def test_the_header_tells_everybody() -> None:
    known = sealed.header(LIST, "acme.sealed")
    assert known == ("acme", "2026.11", "brand-legal@example.com", known.reviewed, 2, BOTH)
    assert str(known.reviewed) == "2026-11-22"


def test_the_size_does_not_tell_the_length_of_a_term() -> None:
    longer = ACME.replace("Blue Heron", "Blue Heron of the Northern Marshes")
    sizes = {len(sealed.seal(text, BOTH, "x").partition(b"body")[2]) for text in (ACME, longer)}
    # age adds a random line of up to some 200 bytes to its header.
    assert max(sizes) - min(sizes) < 400
    assert min(sizes) > 4096


@pytest.mark.parametrize(
    ("what", "change", "name", "recipient"),
    [
        ("the version", 'version = "blue-heron-2"', "acme.sealed", "jane"),
        ("the file's name", "", "blue_heron.sealed", "jane"),
        ("the name of recipient 1", "", "acme.sealed", "jane of BlueHeron"),
    ],
)
def test_what_stands_in_the_clear_must_not_spell_a_term(
    what: str, change: str, name: str, recipient: str
) -> None:
    text = ACME.replace('version = "2026.11"', change) if change else ACME
    with pytest.raises(PackError, match=f"{what} spells term number 1") as caught:
        sealed.seal(text, [Recipient(recipient, JANE.public)], "acme.toml", name=name)
    assert not spells(str(caught.value))


def test_what_a_terminal_must_not_show_does_not_get_into_a_header() -> None:
    with pytest.raises(PackError, match="cannot be seen"):
        sealed.seal(ACME.replace("2026.11", "1\\u001b[2J"), BOTH, "acme.toml")


def test_a_sealed_list_is_not_sealed_again() -> None:
    with pytest.raises(PackError, match="sealed already"):
        sealed.seal(LIST.decode(), BOTH, "acme.sealed")


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


def test_each_recipient_opens_the_pack_as_it_was(tmp_path: Path) -> None:
    for key in (JANE, BOB):
        pack = sealed.open_pack(LIST, "acme.sealed", key.keyring(tmp_path))
        assert pack == Pack.from_toml(ACME)
        assert pack.path == "acme.sealed"
        assert pack.seal
        assert not pack.locked


def test_line_ends_of_windows_change_nothing(jane: Keyring) -> None:
    data = b"\xef\xbb\xbf" + LIST.replace(b"\n", b"\r\n")
    assert sealed.open_pack(data, "acme.sealed", jane) == Pack.from_toml(ACME)


def test_without_a_key_the_pack_has_no_rules_and_says_why(stranger: Keyring) -> None:
    for keyring, why in ((Keyring(), "no key here"), (stranger, "not sealed for the key")):
        pack = sealed.open_pack(LIST, "acme.sealed", keyring)
        assert pack.locked
        assert pack.seal
        assert why in pack.seal.locked
        assert pack.seal.entries == 2
        assert pack.info == ("acme", "acme", "2026.11", "brand-legal@example.com", 0, pack.reviewed)


def test_without_pyrage_the_pack_is_locked(jane: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leakguard.keys.available", lambda: False)
    pack = sealed.open_pack(LIST, "acme.sealed", jane)
    assert pack.seal
    assert pack.seal.locked == "pyrage is not installed"
    with pytest.raises(PackError, match="cannot be sealed here"):
        sealed.seal(ACME, BOTH, "acme.toml")


def test_a_pack_is_found_to_be_sealed_by_its_name_or_its_first_line(tmp_path: Path) -> None:
    for name in ("acme.sealed", "acme.toml"):
        (tmp_path / name).write_bytes(LIST)
        assert Pack.load(tmp_path / name).locked
    (tmp_path / "acme.sealed").write_bytes(b"#" + LIST)
    with pytest.raises(PackError, match="damaged"):
        Pack.load(tmp_path / "acme.sealed")


def test_a_sealed_pack_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("acme.sealed").write_bytes(LIST)
    assert packs.resolve("acme.sealed").locked


def test_an_installed_pack_may_be_sealed(
    tmp_path: Path, jane: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sealed_policy.py").write_text(
        "from pathlib import Path\npack = Path(__file__).with_name('acme.sealed')\n"
    )
    (tmp_path / "acme.sealed").write_bytes(LIST)
    info = tmp_path / "sealed_policy-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sealed-policy\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[leakguard.packs]\nacme = sealed_policy:pack\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert packs.resolve("acme", jane) == Pack.from_toml(ACME)
    assert packs.resolve("acme").locked


def test_the_same_list_plain_and_sealed_is_one_pack(tmp_path: Path, jane: Keyring) -> None:
    (tmp_path / "acme.sealed").write_bytes(LIST)
    (tmp_path / "acme.toml").write_text(ACME)
    both = [tmp_path / "acme.toml", tmp_path / "acme.sealed"]
    assert len(packs.resolve_all(both, jane)) == 1
    with pytest.raises(PackError, match="two packs are called"):
        packs.resolve_all(both)


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


def test_rekeying_lets_somebody_in_and_somebody_out(jane: Keyring, tmp_path: Path) -> None:
    carol = new_key()
    again = sealed.reseal(
        LIST, "acme.sealed", jane, recipients=[Recipient("carol", carol.public), BOTH[0]]
    )
    assert [r.name for r in sealed.header(again, "x").recipients] == ["carol", "jane"]
    assert sealed.open_pack(again, "x", carol.keyring(tmp_path)) == Pack.from_toml(ACME)
    assert sealed.open_pack(again, "x", BOB.keyring(tmp_path)).locked


def test_a_change_keeps_comments_and_recipients(jane: Keyring) -> None:
    seen: list[str] = []

    def add(text: str) -> str:
        seen.append(text)
        return text.replace('["Blue Heron"', '["Blue Heron", "Grey Plover"')

    again = sealed.reseal(LIST, "acme.sealed", jane, change=add)
    assert seen == [ACME]
    assert sealed.header(again, "x") == sealed.header(LIST, "x")._replace(entries=3)
    sealed.reseal(again, "acme.sealed", jane, change=add)
    assert seen[1].startswith("# the names of Acme\n")


def test_who_cannot_open_cannot_change(stranger: Keyring) -> None:
    with pytest.raises(PackError, match="cannot be opened") as caught:
        sealed.reseal(LIST, "acme.sealed", stranger, recipients=BOTH)
    assert "jane, bob" in caught.value.hint


# ── damage and forgery ───────────────────────────────────────────────────────────────────────────


def test_a_flipped_byte_is_damage_whoever_reads_it(jane: Keyring, stranger: Keyring) -> None:
    """A thousand of them, one at a time, spread over the whole file."""
    for at in range(0, len(LIST), max(1, len(LIST) // 1000)):
        bad = bytearray(LIST)
        bad[at] ^= 1 << at % 8
        if bytes(bad).replace(b"\r\n", b"\n") == LIST:
            continue
        for keyring in (jane, stranger, Keyring()):
            with pytest.raises(PackError):
                sealed.open_pack(bytes(bad), "acme.sealed", keyring)


def test_a_list_that_is_cut_short_is_damage(jane: Keyring) -> None:
    for size in range(0, len(LIST) - 1, 97):
        for keyring in (jane, Keyring()):
            with pytest.raises(PackError, match="damaged"):
                sealed.open_pack(LIST[:size], "acme.sealed", keyring)


def mended(text: str) -> bytes:
    """`text` with a check that fits: what somebody writes who knows the format."""
    head, _, rest = text.partition('body = """\n')
    body, _, _ = rest.partition('"""\n')
    check = sealed._check(head, body)
    return f'{head}body = """\n{body}"""\ncheck = "{check}"\n'.encode()


def test_a_body_with_a_fitting_check_is_still_guarded(jane: Keyring) -> None:
    lines = LIST.decode().split("\n")
    first = lines.index("-----BEGIN AGE ENCRYPTED FILE-----") + 1
    last = lines.index("-----END AGE ENCRYPTED FILE-----")
    for number in range(first, last):
        line = lines[number]
        at = min(7, len(line) - 1)  # the last line may be short
        changed = line[:at] + ("B" if line[at] == "A" else "A") + line[at + 1 :]
        bad = mended("\n".join([*lines[:number], changed, *lines[number + 1 :]]))
        with suppress(PackError):  # or the line that wraps jane's key is no longer for her
            assert sealed.open_pack(bad, "acme.sealed", jane).locked


FORGED: dict[str, tuple[str, str]] = {
    "fewer terms": ("entries = 2", "entries = 0"),
    "another owner": ("brand-legal@example.com", "mallory@example.com"),
    "a later review": ("2026-11-22", "2027-11-22"),
    "another version": ("2026.11", "2027.11"),
    "another pack": ('pack = "acme"', 'pack = "emca"'),
    "another name for a key": ('"jane"', '"mallory"'),
    "a recipient fewer": (f'  {{ name = "jane", key = "{JANE.public}" }},\n', ""),
    "no review": ("reviewed = 2026-11-22\n", ""),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_header_that_was_not_sealed_is_refused(what: str, jane: Keyring) -> None:
    old, new = FORGED[what]
    assert old in LIST.decode()
    with pytest.raises(PackError, match="not the one that was sealed"):
        sealed.open_pack(mended(LIST.decode().replace(old, new)), "acme.sealed", jane)


def test_a_header_that_lies_about_its_own_pack_is_refused(
    jane: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = sealed._header_of
    with monkeypatch.context() as patch:
        patch.setattr(sealed, "_header_of", lambda *a: honest(*a)._replace(entries=99))
        lying = sealed.seal(ACME, BOTH, "acme.toml")
    with pytest.raises(PackError, match="not the one that was sealed"):
        sealed.open_pack(lying, "acme.sealed", jane)


ODD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no header"),
    "a plain pack": (ACME.encode(), "no header"),
    "not UTF-8": (b"\xff" + LIST, "not UTF-8"),
    "a format to come": (LIST.replace(b"format = 1", b"format = 2"), "format 2"),
    "a format far away": (b"[sealed]\nformat = 12345\n", "format 12345"),
    "a merge conflict": (
        LIST.replace(b"entries", b"<<<<<<< HEAD\nentries"),
        "header cannot be read",
    ),
    "a conflict in the body": (LIST.replace(b"\n-----END", b"\n=======\n-----END"), "not what was"),
    "something after its end": (LIST + b"\n", "not what was written"),
    "a comment of somebody": (LIST.replace(b"[sealed]", b"# see wiki\n[sealed]"), "not what was"),
    "a header of other types": (LIST.replace(b"entries = 2", b"entries = [2]"), "not what was"),
    "no recipients": (LIST.replace(b"recipients", b"receivers"), "header cannot be read"),
    "an escape in the header": (LIST.replace(b'"jane"', b'"\\u001b[2J"'), "header cannot be read"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_sound_sealed_list_is_refused(what: str, jane: Keyring) -> None:
    data, why = ODD[what]
    for keyring in (jane, Keyring()):
        with pytest.raises(PackError, match=why):
            sealed.open_pack(data, "acme.sealed", keyring)
    with pytest.raises(PackError, match=why):
        sealed.header(data, "acme.sealed")


# ── silence ──────────────────────────────────────────────────────────────────────────────────────


def told(error: BaseException) -> str:
    """All that a traceback can tell: messages, causes, contexts, the locals of every frame."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def newer(text: str) -> str:
    """A pack as a later version may write it: this one refuses it, quoting a pattern as it does."""
    return text.replace("\\d{4}", "\\d{4}(?R)")


def sealed_by_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> bytes:
    real = Pack.from_toml
    with monkeypatch.context() as patch:
        patch.setattr(sealed.Pack, "from_toml", lambda text, where: real(ACME))
        return sealed.seal(newer(ACME), BOTH, "acme.toml")


def test_a_pack_that_this_version_refuses_is_not_quoted(
    jane: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sealed_by_a_newer_one(monkeypatch)
    for work in (
        lambda: sealed.open_pack(data, "acme.sealed", jane),
        lambda: sealed.reseal(data, "acme.sealed", jane, change=lambda text: text),
    ):
        with pytest.raises(PackError, match=r"this leakguard accepts \(line 20\)") as caught:
            work()
        assert not spells(told(caught.value))


class Broken(Exception):
    """What a bug raises, with the worst message that it can have."""


PLACES = {
    "in the pack's reader": "leakguard.packs._Reading.pack",
    "in a term": "leakguard.packs._Reading.check_entries",
    "in the check of titles": "leakguard.packs.spells",
    "in a pattern": "leakguard.patterns.parse",
    "at the header": "leakguard.sealed._header_of",
}
RAISED: dict[str, Callable[[], BaseException]] = {
    "a bug": lambda: Broken(f"cannot do {ACME}"),
    "an error of ours": lambda: PackError("sealed:12: said without the term"),
    "an interrupt": lambda: KeyboardInterrupt(ACME),
    "no memory": lambda: MemoryError(ACME),
}


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("place", PLACES)
def test_no_traceback_tells_a_term(
    place: str, raised: str, jane: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        try:
            raise ValueError(ACME)  # becomes the context
        except ValueError as cause:
            raise RAISED[raised]() from cause

    monkeypatch.setattr(PLACES[place], broken)
    kinds = (PackError, InternalError, KeyboardInterrupt)
    for work in (
        lambda: sealed.open_pack(LIST, "acme.sealed", jane),
        lambda: sealed.reseal(LIST, "acme.sealed", jane, recipients=BOTH),
    ):
        with pytest.raises(kinds) as caught:
            work()
        assert not spells(told(caught.value))
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_a_change_that_breaks_is_not_quoted(jane: Keyring) -> None:
    def change(text: str) -> str:
        raise Broken(text)

    with pytest.raises(InternalError) as caught:
        sealed.reseal(LIST, "acme.sealed", jane, change=change)
    assert not spells(told(caught.value))


def test_a_plain_pack_that_is_wrong_is_not_quoted_by_its_frames(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(ACME.replace("severity", "severty", 1))
    with pytest.raises(PackError, match=r'acme.toml:11: .*unknown key "severty"') as caught:
        sealed.seal_file(os.fspath(tmp_path / "acme.toml"), BOTH)
    assert not spells(told(caught.value))


def test_nothing_of_a_sealed_pack_is_kept(
    jane: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "cache"
    monkeypatch.setenv("LEAKGUARD_CACHE_DIR", os.fspath(shelf))
    # Only patterns: of a plain pack without terms something would be kept.
    rules = ACME.partition("[[rule]]")
    text = rules[0] + "[[rule]]" + rules[2].partition("[[rule]]")[2]
    (tmp_path / "acme.sealed").write_bytes(sealed.seal(text, BOTH, "acme.toml"))
    assert Pack.load(tmp_path / "acme.sealed", jane).rules
    assert not shelf.exists()
    (tmp_path / "acme.toml").write_text(text)
    assert Pack.load(tmp_path / "acme.toml").rules
    assert shelf.exists()


def test_reprs_tell_nothing(jane: Keyring) -> None:
    pack = sealed.open_pack(LIST, "acme.sealed", jane)
    assert not spells(repr(pack))
    assert JANE.secret not in repr((jane, vars(jane)))


def test_an_error_says_what_to_do(stranger: Keyring) -> None:
    errors: list[LeakguardError] = []
    for data in (b"", LIST.replace(b"format = 1", b"format = 2")):
        with pytest.raises(PackError) as caught:
            sealed.header(data, "acme.sealed")
        errors.append(caught.value)
    with pytest.raises(UsageError) as usage:
        sealed.seal(ACME, [Recipient("jane", "age1damaged")], "keys.txt")
    errors.append(usage.value)
    assert all(error.hint for error in errors)
