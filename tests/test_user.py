"""What comes from the user: git's global settings, and a provider; never from a repository."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from house import Ran, run_ok
from keyrings import BOB, JANE

from leakguard import __main__ as leakguard_main
from leakguard import hook, keys, sealed, sources
from leakguard.ci import PRIVATE
from leakguard.errors import SourceError
from leakguard.keys import IDENTITY_SETTING, IDENTITY_VARIABLE, Keyring, Recipient
from leakguard.sources import git, user
from leakguard.sources.user import PROVIDER_SETTING, PROVIDER_VARIABLE

PACK = """[pack]
name = "vault"
owner = "brand@example.com"
[[rule]]
id = "unreleased"
title = "unreleased project name"
severity = "high"
terms = [{ term = "Zq Heron", id = 17 }]
why = "It has not been announced."
"""
needs_sh = pytest.mark.skipif(os.name == "nt", reason="the programs of these tests are for sh")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a global configuration of its own; the current folder is another."""
    folder = tmp_path / "home"
    (folder / "bin").mkdir(parents=True)
    monkeypatch.setenv("HOME", os.fspath(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    for name in PRIVATE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", os.pathsep.join([os.fspath(folder / "bin"), os.environ["PATH"]]))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return folder


def configure(home: Path, name: str, value: str) -> None:
    run_ok("git", "config", "--global", name, value, cwd=home)


def settings() -> dict[str, str]:
    return user.global_settings(os.environ)


# ── git's global settings ────────────────────────────────────────────────────────────────────────


def test_a_setting_is_found_and_a_tilde_is_home(home: Path) -> None:
    assert settings() == {}
    configure(home, "leakguard.Identity", "~/key.txt")
    assert settings() == {IDENTITY_SETTING: os.fspath(home / "key.txt")}


@pytest.mark.parametrize("place", [".gitconfig", ".config/git/config", "included"])
def test_a_setting_is_found_where_git_finds_it(place: str, home: Path) -> None:
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[leakguard]\n\tidentity = /k\n")
    if place == "included":
        (home / ".gitconfig").write_text("[include]\n\tpath = included\n")
    assert settings() == {IDENTITY_SETTING: "/k"}


def test_a_setting_may_hold_for_some_repositories(home: Path) -> None:
    (home / "work.inc").write_text("[leakguard]\n\tidentity = /work-key\n")
    (home / ".gitconfig").write_text('[includeIf "gitdir:**/elsewhere/"]\n\tpath = work.inc\n')
    assert settings() == {}
    run_ok("git", "init", "-q", ".", cwd=Path.cwd())
    assert settings() == {IDENTITY_SETTING: "/work-key"}


def test_no_home_and_no_configuration_is_no_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert user.global_settings({"HOME": os.fspath(home / "gone")}) == {}
    assert user.global_settings({"GIT_CONFIG_GLOBAL": os.devnull}) == {}
    monkeypatch.delenv("HOME")
    user.global_settings({})


def test_a_global_configuration_that_is_damaged_is_an_error(home: Path) -> None:
    (home / ".gitconfig").write_text("[leakguard\n")
    with pytest.raises(SourceError, match="bad config"):
        settings()


def test_git_is_not_started_for_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".gitconfig").write_text("[user]\n\tname = Jane Sample\n")
    monkeypatch.setattr(git, "run", None)
    assert settings() == {}


def test_what_a_repository_says_is_not_heard(home: Path) -> None:
    here = Path.cwd()
    run_ok("git", "init", "-q", ".", cwd=here)
    for name in (IDENTITY_SETTING, PROVIDER_SETTING):
        run_ok("git", "config", name, os.fspath(here / "evil"), cwd=here)
    configure(home, "leakguard.other", "so that git is asked")
    assert settings() == {"leakguard.other": "so that git is asked"}
    assert user.provider(os.environ) == ""


LAYOUTS: dict[str, Callable[[Path], Path]] = {}


def layout(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    LAYOUTS[make.__name__.replace("_", " ")] = make
    return make


def repository(folder: Path) -> Path:
    run_ok("git", "init", "-q", folder, cwd=folder.parent)
    run_ok("git", "commit", "-q", "--allow-empty", "-m", "first", cwd=folder)
    return folder


@layout
def no_repository(top: Path) -> Path:
    return top


@layout
def a_checkout(top: Path) -> Path:
    return repository(top / "main")


@layout
def a_worktree(top: Path) -> Path:
    run_ok("git", "worktree", "add", "-q", top / "tree", cwd=repository(top / "main"))
    return top / "tree"


@layout
def a_submodule(top: Path) -> Path:
    outer, inner = repository(top / "outer"), repository(top / "inner")
    allow = ("-c", "protocol.file.allow=always")
    run_ok("git", *allow, "submodule", "--quiet", "add", inner, "sub", cwd=outer)
    return outer / "sub"


@layout
def a_bare_repository(top: Path) -> Path:
    run_ok("git", "clone", "-q", "--bare", repository(top / "main"), top / "bare.git", cwd=top)
    return top / "bare.git"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_key_is_found_from(
    layout: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "key.txt").write_text(JANE.text)
    configure(home, IDENTITY_SETTING, "~/key.txt")
    data = sealed.seal(PACK, [Recipient("jane", JANE.public)], "vault.toml")
    monkeypatch.chdir(LAYOUTS[layout](tmp_path / "elsewhere"))
    assert not sealed.open_pack(data, "vault.sealed", Keyring()).locked
    monkeypatch.setenv(IDENTITY_VARIABLE, BOB.secret)  # comes before the setting
    assert sealed.open_pack(data, "vault.sealed", Keyring()).locked


def test_a_key_that_a_setting_names_must_be_there(home: Path) -> None:
    configure(home, IDENTITY_SETTING, "~/lost.txt")
    with pytest.raises(keys.UsageError, match=r"git config --global leakguard\.identity names no"):
        Keyring().identities()


@needs_sh
def test_git_does_not_get_the_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = home / "bin" / "git"
    fake.write_text(f"#!/bin/sh\nenv > {home}/seen\nexit 0\n")
    fake.chmod(0o755)
    (home / ".gitconfig").write_text("[leakguard]\n")
    Path("a.md").write_text("a")
    Path(".git").mkdir()
    Path(".git/HEAD").write_text("ref: refs/heads/main\n")
    monkeypatch.setenv(IDENTITY_VARIABLE, JANE.secret)
    monkeypatch.setenv(PROVIDER_VARIABLE, "vault-of-zq-heron")
    monkeypatch.setenv("KEPT", "yes")
    ways = [settings, lambda: list(sources.from_paths(["."])), lambda: git.run("status")]
    for way in ways:
        way()
        seen = (home / "seen").read_text()
        (home / "seen").unlink()
        assert "KEPT=yes" in seen
        assert JANE.secret not in seen
        assert PROVIDER_VARIABLE not in seen


# ── a provider ───────────────────────────────────────────────────────────────────────────────────


def program(home: Path, name: str, body: str) -> Path:
    """A program in the home folder's bin."""
    path = home / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def provided(command: str, seconds: float = 30) -> bytes:
    return user.provided(command, os.environ, seconds=seconds)


@needs_sh
@pytest.mark.parametrize("command", ["vault get 'a b'", "~/bin/vault get 'a b'", "{} get 'a b'"])
def test_a_provider_is_run_without_a_shell(command: str, home: Path) -> None:
    path = program(home, "vault", 'printf "%s|%s" "$1" "$2"')
    assert provided(command.format(path)) == b"get|a b"
    assert provided("vault '$(id)' ;") == b"$(id)|;"


@needs_sh
def test_a_provider_runs_at_home_without_key_and_input(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IDENTITY_VARIABLE, JANE.secret)
    program(home, "vault", "pwd; env; cat")
    said = provided("vault").decode()
    assert said.startswith(f"{home}\n")
    assert JANE.secret not in said


FAILS: dict[str, tuple[str, str, str]] = {
    "exit code 1": ("vault", "cat ~/vault.txt; cat ~/vault.txt >&2; exit 1", "exit code 1"),
    "nothing printed": ("vault", "echo", "printed nothing"),
    "killed": ("vault", "cat ~/vault.txt; kill -9 $$", "exit code -9"),
    "not found": ("no-such-vault", "", "not found"),
    "not a program": ("~/vault.txt", "", "cannot be started"),
    "of the repository": ("./vault", "", "from the repository"),
    "of the repository, below": ("bin/vault", "", "from the repository"),
    "a quote left open": ("vault 'a", "", "cannot be understood"),
    "nothing but spaces": (" ", "", "cannot be understood"),
}


@needs_sh
@pytest.mark.parametrize("what", FAILS)
def test_a_provider_that_fails_is_told_without_what_it_said(what: str, home: Path) -> None:
    command, body, message = FAILS[what]
    program(home, "vault", body)
    (home / "vault.txt").write_text("zq heron")
    with pytest.raises(SourceError, match=message) as caught:
        provided(command)
    all_ = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "zq heron" not in "".join(all_.format())


@needs_sh
def test_a_program_of_the_current_folder_is_not_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("vault").write_text("#!/bin/sh\necho mine\n")
    Path("vault").chmod(0o755)
    for path in (".", "", f".{os.pathsep}{home}/bin"):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(SourceError, match="not found"):
            provided("vault")


@needs_sh
def test_a_provider_that_takes_too_long_ends_with_all_it_started(home: Path) -> None:
    program(home, "vault", "echo zq heron; sleep 600 & sleep 600")
    with pytest.raises(SourceError, match=r"longer than 0\.2 seconds"):
        provided("vault", seconds=0.2)
    assert user.SECONDS == 5


@needs_sh
def test_a_provider_that_does_not_stop_printing_is_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user, "CAP", 1 << 20)
    program(home, "vault", "exec yes zq heron")
    with pytest.raises(SourceError, match="more than 1 MB"):
        provided("vault")


# ── a provider, through the doors ────────────────────────────────────────────────────────────────


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    Path("leak.md").write_text("The Zq Heron flies.\n")
    Path("other.toml").write_text(PACK.replace("vault", "other").replace("Zq", "Qz"))
    (home / "list.toml").write_text(PACK)
    program(home, "vault", "cat ~/list.toml")

    def call(*argv: str, through: Callable[..., int] = leakguard_main.main) -> Ran:
        return through(list(argv)), *capsys.readouterr()

    return call


ONLY = ("--only-pack", "other.toml")


@needs_sh
@pytest.mark.parametrize("where", ["environment", "setting"])
def test_what_a_provider_prints_is_looked_for_whatever_the_repository_asks(
    where: str, run: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("check", "leak.md", *ONLY)[0] == 0
    if where == "environment":
        monkeypatch.setenv(PROVIDER_VARIABLE, "vault")
    else:
        configure(home, PROVIDER_SETTING, "vault")
    for asked, through in (
        (("check", "leak.md", *ONLY), leakguard_main.main),
        (("leak.md", *ONLY), hook.main),
    ):
        code, out, err = run(*asked, through=through)
        assert code == 1
        assert "vault/t17" in out
        assert "brand@example.com" in out
        assert "eron" not in out + err
    assert "vault  0        1" in run("packs", *ONLY)[1]
    assert run("rule", "vault/unreleased", *ONLY)[0] == 0


BAD: dict[str, tuple[str, str]] = {
    "exit code 2": ("exit 2", "the provider of terms failed: it ended with exit code 2"),
    "no pack": ("echo zq heron", "what it printed is no pack (line"),
    "a pack without rules": ("head -3 ~/list.toml", "what it printed is no pack (line 1)"),
    "bytes": (r"printf '\377'", "what it printed is no pack"),
}


@needs_sh
@pytest.mark.parametrize("what", BAD)
def test_a_provider_that_fails_is_exit_code_3(
    what: str, run: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, message = BAD[what]
    program(home, "vault", body)
    monkeypatch.setenv(PROVIDER_VARIABLE, "vault")
    code, out, err = run("check", "leak.md", *ONLY, "--exit-zero")
    assert (code, out) == (3, "")
    assert message.removesuffix(" (line") in err
    assert "zq heron" not in err


@needs_sh
def test_nothing_of_what_a_provider_prints_is_kept(
    run: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even of a pack that has patterns and no terms."""
    pattern = "pattern = 'ZqHeron-[0-9]'\nexamples = ['ZqHeron-1']"
    rule = PACK.replace('terms = [{ term = "Zq Heron", id = 17 }]', pattern)
    (home / "list.toml").write_text(rule)
    monkeypatch.setenv(PROVIDER_VARIABLE, "vault")
    monkeypatch.setenv("LEAKGUARD_CACHE_DIR", os.fspath(home / "cache"))
    Path("leak.md").write_text("The ZqHeron-1 flies.\n")
    assert run("check", "leak.md", *ONLY)[0] == 1
    kept = [path.read_bytes() for path in (home / "cache").rglob("*") if path.is_file()]
    assert not any(b"eron" in data for data in kept)


def test_two_lists_of_one_name_are_an_error(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        pytest.skip("the provider is a program for sh")
    monkeypatch.setenv(PROVIDER_VARIABLE, "vault")
    Path("vault.toml").write_text(PACK.replace("Zq", "Qz"))
    code, _, err = run("check", "leak.md", "--only-pack", "vault.toml")
    assert code == 2
    assert 'two packs are called "vault"' in err
