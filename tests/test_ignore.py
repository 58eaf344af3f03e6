"""Patterns of paths, judged by git itself."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakguard.ignore import Paths

WRONG = {
    "a pattern of slashes only": ("//", "needs a name"),
    "a lone exclamation mark": ("!", "needs a name"),
    "a class that is never closed": ("a[bc", "never closed"),
    "a range that runs backwards": ("[z-a]", "backwards"),
    "a backslash at the end": ("a\\", "backslash"),
}


@pytest.mark.parametrize(("pattern", "message"), WRONG.values(), ids=WRONG)
def test_a_pattern_that_matches_nothing_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Paths.of([pattern])


ROWS = {
    "a name, anywhere": (["a.md"], "x/y/a.md", True),
    "a name is not a part of one": (["a.md"], "aa.md", False),
    "a slash at the start ties it": (["/a.md"], "x/a.md", False),
    "a slash inside ties it": (["x/a.md"], "y/x/a.md", False),
    "a folder and all below": (["drafts/"], "x/drafts/y/z.md", True),
    "a file of a folder's name is not that folder": (["drafts/"], "drafts", False),
    "a star stops at a slash": (["/x*z"], "x/z", False),
    "two stars do not": (["/x/**/z"], "x/a/b/z", True),
    "two stars may be nothing": (["/x/**/z"], "x/z", True),
    "two stars at the end are all below": (["x/**"], "x/a/b", True),
    "but not the folder itself": (["x/**"], "x", False),
    "later ones win": (["*.md", "!a.md"], "a.md", False),
    "and win again": (["*.md", "!a.md", "a.md"], "a.md", True),
    "below a folder nothing is taken back": (["x/", "!x/a.md"], "x/a.md", True),
    "a comment is none": (["# a.md"], "# a.md", False),
    "an escaped one is": ([r"\#a.md"], "#a.md", True),
    "a class": (["[a-c].md"], "b.md", True),
    "a class that is negated": (["[!a-c].md"], "b.md", False),
    "a bracket in a class": (["[]-].md"], "].md", True),
    "a named class": (["[[:digit:]].md"], "7.md", True),
    "spaces at the end do not count": (["a.md  "], "a.md", True),
    "escaped ones do": (["a\\ "], "a ", True),
    "case counts": (["A.md"], "a.md", False),
}


@pytest.mark.parametrize(("patterns", "path", "expected"), ROWS.values(), ids=ROWS)
def test_rows(patterns: list[str], path: str, expected: bool) -> None:
    assert Paths.of(patterns).match(path) is expected


NAMES = st.text("ab.", min_size=1, max_size=3).filter(lambda name: name.strip(".") != "")
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PIECES = st.text("ab*?[]!.", min_size=1, max_size=4)
PATTERNS = st.lists(
    st.builds(
        lambda sign, head, body, tail: sign + head + "/".join(body) + tail,
        st.sampled_from(["", "", "!"]),
        st.sampled_from(["", "", "/", "**/"]),
        st.lists(PIECES, min_size=1, max_size=3),
        st.sampled_from(["", "", "/", "/**", "/*"]),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ignore")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@given(patterns=PATTERNS, paths=st.lists(PATHS, min_size=1, max_size=8, unique=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_says_the_same(repository: Path, patterns: list[str], paths: list[str]) -> None:
    try:
        ours = Paths.of(patterns)
    except ValueError:
        return  # git takes what can match nothing; here it is an error
    (repository / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n")
    asked = "\0".join(paths).encode()
    said = subprocess.run(
        ["git", "-C", repository, "check-ignore", "--no-index", "-z", "--stdin"],
        input=asked,
        capture_output=True,
        check=False,
    )
    theirs = set(said.stdout.decode().split("\0")) - {""}
    assert {path for path in paths if ours.match(path)} == theirs
