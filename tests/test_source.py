"""Scopes of source code: comments and code, and settings where only comments are told."""

from functools import partial

import pytest
from labelling import Seen, seen

from leakguard.readers import KINDS, from_text
from leakguard.readers.source import LANGUAGES, NAMES, Labels

CODE = "code-block"


@pytest.mark.parametrize(
    ("family", "text", "expected"),
    [
        pytest.param("c", "a(); // b\nc", [("a(); ", CODE), ("// b\n", "comment"), ("c", CODE)], id="a comment to the end of the line"),
        pytest.param("c", "a /* b\nc */ d", [("a ", CODE), ("/* b\nc */", "comment"), (" d", CODE)], id="a comment over lines"),
        pytest.param("c", "a('// b', \"/* c\");", [("a('// b', \"/* c\");", CODE)], id="marks in strings"),
        pytest.param("c", "a = `b // c\n// d`; // e", [("a = `b // c\n// d`; ", CODE), ("// e", "comment")], id="marks in a template"),
        pytest.param("c", "u = https://example.com/x", [("u = ", CODE), ("https://example.com/x", "code-block url")], id="an address is no comment"),
        pytest.param("c", "fn f<'a>(x) // b", [("fn f<'a>(x) ", CODE), ("// b", "comment")], id="a lone quote"),
        pytest.param("css", "a { } /* b */ // c", [("a { } ", CODE), ("/* b */", "comment"), (" // c", CODE)], id="a style sheet"),
        pytest.param("python", '"""a\n# b"""\nc = 1  # d\n', [('"""a\n# b"""', "comment"), ("\nc = 1  ", CODE), ("# d\n", "comment")], id="a docstring"),
        pytest.param("python", 'c = """\n# d\n"""\ne', [('c = """\n# d\n"""\ne', CODE)], id="a text that is a value"),
        pytest.param("python", "a = '#'  # b", [("a = '#'  ", CODE), ("# b", "comment")], id="a mark in a string"),
        pytest.param("shell", "echo ${#a} # b", [("echo ${#a} ", CODE), ("# b", "comment")], id="a mark within a word"),
        pytest.param("sql", "select 'it''s -- a' -- b", [("select 'it''s -- a' ", CODE), ("-- b", "comment")], id="SQL"),
        pytest.param("lua", "a --[[ b\nc ]] d -- e", [("a ", CODE), ("--[[ b\nc ]]", "comment"), (" d ", CODE), ("-- e", "comment")], id="Lua"),
        pytest.param("haskell", "a {- b -} c -- d", [("a ", CODE), ("{- b -}", "comment"), (" c ", CODE), ("-- d", "comment")], id="Haskell"),
        pytest.param("lisp", "(a \"; b\") ; c", [('(a "; b") ', CODE), ("; c", "comment")], id="Lisp"),
        pytest.param("powershell", "a <# b\n#> c # d", [("a ", CODE), ("<# b\n#>", "comment"), (" c ", CODE), ("# d", "comment")], id="PowerShell"),
        pytest.param("php", "#[A] x // b", [("#[A] x ", CODE), ("// b", "comment")], id="an attribute of PHP"),
        pytest.param("data", 'a: "b # c" # d\n# e\n', [("# d\n# e\n", "comment")], id="settings"),
        pytest.param("ini", "; a\nb = c ; d", [("; a\n", "comment")], id="settings with semicolons"),
        pytest.param("tex", "50\\% a % b", [("% b", "comment")], id="TeX"),
        pytest.param("vim", '" a\nset b " c', [('" a\n', "comment"), ('set b " c', CODE)], id="Vim"),
    ],
)  # fmt: skip
def test_scopes(family: str, text: str, expected: Seen) -> None:
    assert seen(partial(Labels, family), text) == expected


def test_every_family_is_tried_and_every_name_leads_here() -> None:
    assert set(NAMES.values()) == set(LANGUAGES)
    assert {name for name, kind in KINDS.items() if kind == "source"} == set(NAMES)


@pytest.mark.parametrize("name", ["a/b.py", "Dockerfile", "Makefile"])
def test_a_name_chooses_the_language(name: str) -> None:
    document = from_text("x = 1 # y", name)
    assert document.kind == "source"
    assert document.labeller is not None
    assert seen(document.labeller, "x = 1 # y") == [("x = 1 ", CODE), ("# y", "comment")]
