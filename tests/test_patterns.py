"""Patterns: what is refused and how that is said, what is known of them, and their laws."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leakguard.errors import PatternError
from leakguard.grammar import PROPERTIES
from leakguard.holding import _folded_steadily
from leakguard.patterns import Pattern, compile, find, parse

# ── what is refused ──────────────────────────────────────────────────────────────────────────────

TOO_WIDE = "from here on a match can be longer than 8000 characters"
LOWER = "lower the upper bounds of the repeats"
FLAG_START = "put (?i) at the very start; it holds for the whole pattern"
EDGE = "the ends of a text have no place in a class"
WORDS = "write the words as alternatives: (?:one|two), or use terms instead of a pattern"
NO_CALLS = "patterns cannot call themselves; write a bounded repeat"
GROUPS = "write (?:…), (?P<name>…), (?=…), (?!…), (?<=…) or (?<!…)"
OPTIONAL = "write (?:…)? to make a part optional"
EMPTY = "write what it holds, or leave it out"
NAME = "write (?P<name>…): letters, digits and _"
REFERENCE = r"write it before, outside other look-around: ([- ])\d{2}\1"
NOT_RANGE = r"write \- for the character"
NUMBER = r"write the group's number: \1"
CATEGORY = "write a general category such as L, Lu or Nd, or a script such as Greek"
SIDES = "write \\{0} for the character; write a look-ahead for both of two classes"

REFUSED = {
    "a star has no bound": ("ab*", 2, '"*" has no upper bound', "write one: {0,40} instead of *"),
    "a plus has no bound": (r"\d+", 2, '"+" has no upper bound', "write one: {1,40} instead of +"),
    "an open repeat has no bound": ("a{3,}", 1, '"{3,}" has no upper bound', "write one: {3,40}"),
    "a possessive star is a star": (
        "a*+",
        1,
        '"*" has no upper bound',
        "write one: {0,40} instead of *",
    ),
    "too many rounds": (
        "a{1,1001}",
        1,
        "a repeat has at most 1000 rounds",
        "write {1,1000} or less",
    ),
    "too many rounds of a class": (
        "[a]{1,7001}",
        3,
        "a repeat has at most 7000 rounds",
        "write {1,7000} or less",
    ),
    "rounds without end of digits": (
        "a{" + "9" * 5000 + "}",
        1,
        "a repeat has at most 1000 rounds",
        "write {999999999,1000} or less",
    ),
    "bounds reversed": (
        "a{3,2}",
        1,
        "the bounds of the repeat are the wrong way round",
        "write {2,3}",
    ),
    "no round at all": ("ba{0}", 2, "a repeat of 0 rounds matches nothing", "leave the part out"),
    "a lone brace": (
        "a{b}",
        1,
        '"{" does not begin a repeat such as {3} or {1,40}',
        r"write \{ for the character",
    ),
    "a brace with a comma only": (
        "a{,}",
        1,
        '"{" does not begin a repeat such as {3} or {1,40}',
        r"write \{ for the character",
    ),
    "fuzzy matching": (
        "(?:abc){e<=1}",
        7,
        '"{" does not begin a repeat such as {3} or {1,40}',
        r"write \{ for the character",
    ),
    "a repeat at the start": ("?a", 0, '"?" has nothing to repeat', r"write \? for the character"),
    "a repeat after a bar": ("a|*", 2, '"*" has nothing to repeat', r"write \* for the character"),
    "a repeated position": (
        "^{2}a",
        1,
        "a position cannot be repeated",
        "leave the repeat out, or repeat a group of characters",
    ),
    "a repeated look-ahead": (
        "(?=a)?a",
        5,
        "a position cannot be repeated",
        "leave the repeat out, or repeat a group of characters",
    ),
    "a repeated repeat": (
        "a{2}{3}",
        4,
        "a repeat cannot be repeated",
        "put the first one into a group: (?:…{1,3}){1,3}",
    ),
    "too wide by one repeat": (r"ab(?:\d{1,1000}){9}", 2, TOO_WIDE, LOWER),
    "too wide by many": (r"[a]{7000}b{1000}cd", 16, TOO_WIDE, LOWER),
    "matches nothing": (
        "a?",
        0,
        "the pattern can match nothing at all",
        "let at least one part be required",
    ),
    "empty": ("", 0, "the pattern can match nothing at all", "let at least one part be required"),
    "a position only": (
        r"^\b",
        0,
        "the pattern can match nothing at all",
        "let at least one part be required",
    ),
    "a flag only": (
        "(?i)",
        0,
        "the pattern can match nothing at all",
        "let at least one part be required",
    ),
    "an empty alternative": ("(?:a|)", 4, "an alternative is empty", OPTIONAL),
    "an empty alternative in front": ("(|a)", 1, "an alternative is empty", OPTIONAL),
    "an empty alternative between": ("a||b", 1, "an alternative is empty", OPTIONAL),
    "an empty group": ("a()", 1, "a group is empty", EMPTY),
    "an empty look-ahead": ("a(?!)", 1, "a group is empty", EMPTY),
    "an open group": ("a(b", 1, '"(" is never closed', r"add ), or write \( for the character"),
    "an open look-behind": (
        "(?<=b",
        0,
        '"(" is never closed',
        r"add ), or write \( for the character",
    ),
    "a closing bracket too many": ("ab)c", 2, '")" closes nothing', r"write \) for the character"),
    "groups too deep": (
        "(" * 31 + "a" + ")" * 31,
        30,
        "groups are nested deeper than 30",
        "take some out",
    ),
    "look-ahead too far": (
        r"a(?=\d{1,1000}x)",
        1,
        "look-around sees further than 1000 characters",
        'lower the upper bounds in it, or use "near"',
    ),
    "look-behind too far": (
        r"(?<!x\d{1,1000})a",
        0,
        "look-around sees further than 1000 characters",
        'lower the upper bounds in it, or use "near"',
    ),
    "an atomic group": (
        "(?>ab)c",
        0,
        '"(?>" is not in the subset',
        "write a possessive repeat such as {1,9}+, or a plain group (?:…)",
    ),
    "a comment": (
        "a(?#b)",
        1,
        '"(?#" is not in the subset',
        "write comments in the pack, next to the pattern",
    ),
    "a condition": (
        "(a)(?(1)b|c)",
        3,
        '"(?(" is not in the subset',
        "write both cases as alternatives: (?:…|…)",
    ),
    "a branch reset": ("(?|(a)|(b))", 0, '"(?|" is not in the subset', "write (?:…|…)"),
    "recursion": ("a(?R)", 1, '"(?R" is not in the subset', NO_CALLS),
    "a call by number": ("(a)(?1)", 3, "a call of a group is not in the subset", NO_CALLS),
    "a call by name": ("(?&n)", 0, '"(?&" is not in the subset', NO_CALLS),
    "a call in Python's way": ("(?P>n)", 0, '"(?P>" is not in the subset', NO_CALLS),
    "a named reference": ("(?P<n>a)(?P=n)", 8, '"(?P=" is not in the subset', NUMBER),
    "a verb": (
        "a(*SKIP)",
        1,
        '"(*" begins no group of the subset',
        r"write \* for the character",
    ),
    "a group of no kind": ("(?;a)", 0, '"(?" begins no group of the subset', GROUPS),
    "a group cut short": ("(?", 0, '"(?" begins no group of the subset', GROUPS),
    "a name in Perl's way": (
        "(?<n>a)",
        0,
        '"(?<" does not name a group here',
        "write (?P<name>…)",
    ),
    "a name with a hyphen": ("(?P<a-b>a)", 4, "the group has no proper name", NAME),
    "a name without an end": ("(?P<ab", 4, "the group has no proper name", NAME),
    "a name twice": (
        "(?P<n>a)(?P<n>b)",
        12,
        "two groups have the same name",
        "name each group once",
    ),
    "(?i) in the middle": ("a(?i)b", 1, 'the flags "i" cannot be set here', FLAG_START),
    "(?i) twice": ("(?i)(?i)b", 4, 'the flags "i" cannot be set here', FLAG_START),
    "(?i: for a part": ("(?i:a)", 0, 'the flags "i" cannot be set here', FLAG_START),
    "(?-i: for a part": ("(?-i:a)", 0, 'the flags "-i" cannot be set here', FLAG_START),
    "(?m)": (
        "(?m)^a",
        0,
        'the flags "m" cannot be set here',
        "leave it out: ^ and $ are always line ends",
    ),
    "(?s)": (
        "(?s)a.b",
        0,
        'the flags "s" cannot be set here',
        r"leave it out; write [\s\S] for any character, line ends included",
    ),
    "(?x)": (
        "(?x) a b",
        0,
        'the flags "x" cannot be set here',
        "leave it out; write comments in the pack and spaces as they are meant",
    ),
    "(?a)": (
        r"(?a)\w",
        0,
        'the flags "a" cannot be set here',
        r"leave it out: \d, \w, \s and \b are always ASCII",
    ),
    "(?u)": (
        r"(?u)\w",
        0,
        'the flags "u" cannot be set here',
        r"leave it out; write \p{L} or \p{Nd} for letters and digits of all scripts",
    ),
    "(?V1)": ("(?V1)a", 0, 'the flags "V1" cannot be set here', "leave it out"),
    r"\Z": (
        r"a\Z",
        1,
        r'"\Z" is not in the subset',
        r"write \z for the end of the text, $ for the end of a line",
    ),
    r"\G": (r"\Ga", 0, r'"\G" is not in the subset', "leave it out: every start is tried"),
    r"\K": (
        r"a\Kb",
        1,
        r'"\K" is not in the subset',
        "write what comes before as look-behind: (?<=…)",
    ),
    r"\X": (
        r"\X",
        0,
        r'"\X" is not in the subset',
        r"write a bounded repeat of marks: .\p{M}{0,4}",
    ),
    r"\R": (r"a\R", 1, r'"\R" is not in the subset', r"write (?:\r\n|\n|\r)"),
    r"\h": (r"a\h", 1, r'"\h" is not in the subset', r"write [ \t]"),
    r"\m": (r"\ma", 0, r'"\m" is not in the subset', r"write \b"),
    r"\M": (r"a\M", 1, r'"\M" is not in the subset', r"write \b"),
    r"\L": (r"\L<words>", 0, r'"\L" is not in the subset', WORDS),
    r"\N": (
        r"\N{BULLET}",
        0,
        r'"\N" is not in the subset',
        r"write the character itself or its number: \uHHHH",
    ),
    r"\g": (r"(a)\g<1>", 3, r'"\g" is not in the subset', NUMBER),
    r"\k": (r"(a)\k<n>", 3, r'"\k" is not in the subset', NUMBER),
    r"\0": (r"a\0", 1, r'"\0" is not in the subset', r"write \x00"),
    "an unknown escape": (r"a\q", 1, r'"\q" is not in the subset', "write q for the letter"),
    "a needless backslash": (
        r"a\é",
        1,
        "this character needs no backslash",
        "leave the backslash out",
    ),
    "a last backslash": (
        "ab\\",
        2,
        "the pattern ends in a backslash",
        r"write \\ for the character",
    ),
    "a short number": (r"\x4", 0, r'"\x" wants 2 hexadecimal digits', r"write \x41 for A"),
    "a number in braces": (
        r"\u{41}",
        0,
        r'"\u" wants 4 hexadecimal digits',
        r"write \u0041 for A",
    ),
    "a signed number": (
        r"\U+0000041",
        0,
        r'"\U" wants 8 hexadecimal digits',
        r"write \U00000041 for A",
    ),
    "half a character": (
        r"\ud800",
        0,
        "this number is no character",
        "write one below D800, or from E000 to 10FFFF",
    ),
    "a number past Unicode": (
        r"\U00110000",
        0,
        "this number is no character",
        "write one below D800, or from E000 to 10FFFF",
    ),
    "a property without braces": (
        r"a\pL",
        1,
        "a property wants braces",
        r"write \p{L} or \p{Greek}",
    ),
    "a property without an end": (
        r"\p{L",
        0,
        "a property wants braces",
        r"write \p{L} or \p{Greek}",
    ),
    "a misspelt property": (
        r"a\p{Greeek}",
        1,
        "this property is not in the subset",
        "did you mean Greek?",
    ),
    "a property with a hat": (
        r"\p{^L}",
        0,
        "this property is not in the subset",
        r"write \P{…} for all other characters",
    ),
    "a property far from all": (r"\p{0}", 0, "this property is not in the subset", CATEGORY),
    "two back-references": (
        r"(a)\1\1",
        5,
        "a pattern has at most one back-reference",
        "write the second one out",
    ),
    "a reference to no group": (
        r"(?:a)\1",
        5,
        "group 1 is not complete before its back-reference",
        REFERENCE,
    ),
    "a reference to a later group": (
        r"\1(a)",
        0,
        "group 1 is not complete before its back-reference",
        REFERENCE,
    ),
    "a reference in its own group": (
        r"(a\1)",
        2,
        "group 1 is not complete before its back-reference",
        REFERENCE,
    ),
    "a reference into look-ahead": (
        r"(?=(a))b\1",
        8,
        "group 1 is not complete before its back-reference",
        REFERENCE,
    ),
    "a reference in look-behind": (
        r"(a)b(?<=\1b)",
        8,
        "a back-reference cannot stand in look-behind",
        "write what it stands for",
    ),
    "an open class": ("a[bc", 1, '"[" is never closed', r"add ], or write \[ for the character"),
    "an open range": ("a[b-", 1, '"[" is never closed', r"add ], or write \[ for the character"),
    "an empty class": ("a[]", 1, "a class is empty", r"write \] for the character"),
    "an empty negated class": ("[^]a]", 0, "a class is empty", r"write \] for the character"),
    "a POSIX class": (
        "[[:alpha:]]",
        1,
        '"[:" in a class is not in the subset',
        r"write \w, \d, \s or \p{…}, or \[",
    ),
    "an intersection": (
        r"[\w&&\d]",
        3,
        '"&&" between classes is not in the subset',
        SIDES.format("&"),
    ),
    "a union": ("[a||b]", 2, '"||" between classes is not in the subset', SIDES.format("|")),
    "a difference": ("[a--b]", 2, '"--" between classes is not in the subset', SIDES.format("-")),
    "a range reversed": (
        "[xz-a]",
        2,
        "the range is the wrong way round",
        r"write the lower end first, or \-",
    ),
    "a range from a class": (r"[\w-.]", 3, "a range cannot begin with a class", NOT_RANGE),
    "a range from a property": (r"[\p{L}-.]", 6, "a range cannot begin with a class", NOT_RANGE),
    "a range to a class": (r"[a-\d]", 3, "a range cannot end with a class", NOT_RANGE),
    r"\b in a class": (
        r"[\b]",
        1,
        r'"\b" has no meaning in a class',
        r"write \x08 for the backspace",
    ),
    r"\A in a class": (r"[\A]", 1, r'"\A" is not in the subset', EDGE),
}


@pytest.mark.parametrize(("source", "at", "message", "hint"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(source: str, at: int, message: str, hint: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse(source)
    assert (caught.value.at, caught.value.message, caught.value.hint) == (at, message, hint)


# ── what is known ────────────────────────────────────────────────────────────────────────────────

US_STATES = "|".join(f"{a}{b}" for a in "ABCDEFGHI" for b in "ABCDEFGHI")

# source: (least, width, before, after, digits, literals, ignore_case, lines)
KNOWN = {
    "a word": ("heron", (5, 5, 0, 0, 0, ("heron",), False, False)),
    "a US social security number": (
        r"(?<![\w-])(?!000|666|9\d{2})\d{3}([- ])\d{2}\1\d{4}(?![\w-])",
        (11, 11, 1, 1, 9, (), False, False),
    ),
    "a card number": (
        r"(?<![\d.])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}(?!\d)",
        (13, 22, 1, 1, 13, (), False, False),
    ),
    "an IBAN": (
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",
        (12, 44, 1, 1, 2, (), False, False),
    ),
    "a German IBAN": (
        r"\bDE\d{2}(?: ?\d{4}){4} ?\d{2}\b",
        (22, 27, 1, 1, 20, ("DE",), False, False),
    ),
    "a DEA number": (r"\b[ABFGMPRX][A-Z9]\d{7}\b", (9, 9, 1, 1, 7, (), False, False)),
    "a Medicare number": (
        r"\b[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d"
        r"-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
        (11, 13, 1, 1, 5, (), False, False),
    ),
    "a phrase in any case": (
        r"(?i)\bmember id: \d{9}\b",
        (20, 20, 1, 1, 9, ("member id: ",), True, False),
    ),
    "a phrase with free space": (
        r"(?i)social[ -]security[ -](?:no|number)",
        (
            18,
            22,
            0,
            0,
            0,
            tuple(f"social{a}security{b}no" for a in " -" for b in " -")
            + tuple(f"social{a}security{b}number" for a in " -" for b in " -"),
            True,
            False,
        ),
    ),
    "alternatives of which one holds another": (
        "(?:heron|blue heron)",
        (5, 10, 0, 0, 0, ("heron",), False, False),
    ),
    "alternatives with a common rest": (
        r"(?i)(?:patient|member) (?:id|no\.?) \d{4,8}",
        (
            14,
            20,
            0,
            0,
            4,
            (
                "member id ",
                "member no ",
                "member no. ",
                "patient id ",
                "patient no ",
                "patient no. ",
            ),
            True,
            False,
        ),
    ),
    "any of many states": (
        rf"(?:{US_STATES})\d{{3}}",
        (5, 5, 0, 0, 3, (), False, False),
    ),
    "many long words, told by their beginnings": (
        "|".join(f"{a}{b}cdefgh{c}" for a in "xyz" for b in "xyz" for c in "0123456789"),
        (9, 9, 0, 0, 1, tuple(f"{a}{b}cdefgh" for a in "xyz" for b in "xyz"), False, False),
    ),
    "a MIME-like boundary": (
        r"-----BEGIN [A-Z ]{1,30}PRIVATE KEY-----",
        (28, 57, 0, 0, 0, ("PRIVATE KEY-----",), False, False),
    ),
    "an AWS key": (
        r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
        (20, 20, 1, 1, 0, ("AKIA", "ASIA"), False, False),
    ),
    "an ICD-10 code": (
        r"\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b",
        (3, 8, 1, 1, 1, (), False, False),
    ),
    "a CUSIP after its word": (
        r"\bCUSIP:? [0-9A-Z]{8}\d\b",
        (15, 16, 1, 1, 1, ("CUSIP ", "CUSIP: "), False, False),
    ),
    "an e-mail address at one company": (
        r"[\w.+-]{1,64}@(?:corp|internal)\.example\.com",
        (18, 85, 0, 0, 0, ("@corp.example.com", "@internal.example.com"), False, False),
    ),
    "a host name": (r"\b[a-z0-9-]{1,63}\.corp\b", (6, 68, 1, 1, 0, (".corp",), False, False)),
    "a phone number": (
        r"(?:\+1[ -]?)?\(?\d{3}\)?[ -]?\d{3}-\d{4}",
        (11, 17, 0, 0, 10, (), False, False),
    ),
    "a date": (r"\d{4}-\d{2}-\d{2}", (10, 10, 0, 0, 8, (), False, False)),
    "a UUID": (
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        (36, 36, 0, 0, 0, (), False, False),
    ),
    "an amount": (
        r"\$\d{1,3}(?:,\d{3}){0,4}(?:\.\d{2})? (?:million|billion)",
        (10, 31, 0, 0, 1, (" billion", " million"), False, False),
    ),
    "a header line": (r"^Subject: .{1,80}$", (10, 89, 1, 1, 0, ("Subject: ",), False, True)),
    "a line end written out": (
        r"BEGIN\r?\n",
        (6, 7, 0, 0, 0, ("BEGIN\n", "BEGIN\r\n"), False, True),
    ),
    "a class without line ends names them": (r"x[^\n]y", (3, 3, 0, 0, 0, (), False, True)),
    "white space does not name line ends": (
        r"blue\sheron",
        (10, 10, 0, 0, 0, tuple(f"blue{c}heron" for c in "\t\n\v\f\r "), False, False),
    ),
    "a word with either first letter": ("[Hh]eron", (5, 5, 0, 0, 0, ("heron",), True, False)),
    "a word in either case, letter by letter": (
        r"[Ss][Ss][Nn]\b",
        (3, 3, 0, 1, 0, ("ssn",), True, False),
    ),
    "a look-behind longer than the match": (
        r"(?<=member id[: ]{1,3})\d{9}",
        (9, 9, 12, 0, 9, (), False, False),
    ),
    "a look-ahead over the match itself": (r"(?=.{0,3}\d)\w{8}", (8, 8, 0, 0, 0, (), False, False)),
    "a look-ahead past what follows it": (
        r"\d(?=mg/day)mg",
        (3, 3, 0, 4, 1, ("mg",), False, False),
    ),
    "a look-behind past what goes before it": (
        r"\d(?<=no\. \d)mg",
        (3, 3, 4, 0, 1, ("mg",), False, False),
    ),
    "a look-ahead past the match": (r"\d{2}(?= ?mg\b)", (2, 2, 0, 4, 2, (), False, False)),
    "not one digit all along": (r"(?!(\d)\1{8})\d{9}", (9, 9, 0, 0, 9, (), False, False)),
    "nested repeats": (r"(\w{1,40}){1,40}", (1, 1600, 0, 0, 0, (), False, False)),
    "the widest": ("(?:ab){1,1000}", (2, 2000, 0, 0, 0, ("ab",), False, False)),
    "a repeat without its lower bound": (r"x\d{,3}", (1, 4, 0, 0, 0, (), False, False)),
    "a repeated phrase": ("(?:ab ){2}c", (7, 7, 0, 0, 0, ("ab ab c",), False, False)),
    "a repeated end": (r"\d(?:ab){2,9}", (5, 19, 0, 0, 1, ("abab",), False, False)),
    "a lazy and a possessive repeat": (
        r"a{1,3}?b{1,3}+",
        (
            2,
            6,
            0,
            0,
            0,
            ("aaab", "aaabb", "aaabbb", "aab", "aabb", "aabbb", "ab", "abb", "abbb"),
            False,
            False,
        ),
    ),
    "a reference repeats its group": (
        r"(ab|cd)-\1",
        (5, 5, 0, 0, 0, ("ab-ab", "ab-cd", "cd-ab", "cd-cd"), False, False),
    ),
    "a Kelvin sign folds into no literal": (
        "(?i)\u212aab",
        (3, 3, 0, 0, 0, ("ab",), True, False),
    ),
    "a sharp s folds into no literal": ("(?i)straße", (6, 6, 0, 0, 0, ("stra",), True, False)),
    "letters of all scripts": (
        r"\p{Lu}\p{Ll}{2,9} GmbH",
        (8, 15, 0, 0, 0, (" GmbH",), False, False),
    ),
    "escapes": (r"\x41\u00e9\U0001f600\.\\\-", (6, 6, 0, 0, 0, ("Aé😀.\\-",), False, False)),
}


@pytest.mark.parametrize(("source", "known"), KNOWN.values(), ids=KNOWN.keys())
def test_known(source: str, known: tuple[object, ...]) -> None:
    p = parse(source)
    found = (p.least, p.width, p.before, p.after, p.digits, p.literals, p.ignore_case, p.lines)
    assert found == (*known[:5], _least_words(known[5]), *known[6:])


def _least_words(words: object) -> tuple[str, ...]:
    assert isinstance(words, tuple)
    return tuple(sorted(w for w in words if not any(o != w and o in w for o in words)))


# ── what characters mean ─────────────────────────────────────────────────────────────────────────

MEANS = {
    r"\d is ASCII": (r"\d", "1٣a", "1"),
    r"\w is ASCII": (r"\w", "aZ_9é٣", "aZ_9"),
    r"\w is ASCII in any case": (r"(?i)\w", "aK\u212a\u017f", "aK"),
    r"\w in a class is ASCII in any case": (r"(?i)[\w-]", "aK-\u212a\u017f", "aK-"),
    r"\W in any case": (r"(?i)\W", "sk-\u212a\u017fé", "-\u212a\u017fé"),
    r"no \w and no letter beyond ASCII": (r"(?i)[^\wé]", "ékÉ-\u212a", "-\u212a"),
    r"\s is ASCII": (r"\s", " \t\n\v\f\r\x1f\x85\u00a0", " \t\n\v\f\r"),
    r"\p{L} is Unicode": (r"\p{L}", "aé1٣", "aé"),
    r"\P{L} is Unicode": (r"\P{L}", "aé1٣", "1٣"),
    r"\p{Nd} in a class": (r"[\p{Nd}x]", "x1٣é", "x1٣"),
    "a negated property in a class": (r"[^\p{L}]", "aé1", "1"),
    r"\p{Lu} in any case is any cased letter": (r"(?i)\p{Lu}", "aAé1", "aAé"),
    "the full stop is no line feed": (".", "a\n\r\u2028", "a\r\u2028"),
    "k in any case is a Kelvin sign too": ("(?i)k", "kK\u212ac", "kK\u212a"),
    "s in any case is a long s too": ("(?i)s", "sS\u017fß", "sS\u017f"),
    "i in any case has its dot": ("(?i)i", "iI\u0131\u0130", "iI"),
    "the dotless i is itself": ("(?i)\u0131", "iI\u0131\u0130", "\u0131"),
    "a class in any case": ("(?i)[a-z]", "aZ\u212a\u017f\u0131\u0130é", "aZ\u212a\u017f"),
    "a negated class in any case": ("(?i)[^i-k]", "iJ\u212a\u0131\u0130é", "\u0131\u0130é"),
    "a class beyond ASCII in any case": ("(?i)[à-ý]", "éÉe\u0130", "éÉ"),
    "a mixed class in any case": ("(?i)[a-cà-ý]", "BéÉ\u0131d", "BéÉ"),
    "marks in a class": (r"[\][&^|~-]", "][&^|~-a\\", "][&^|~-"),
    "a range of marks": (r"[+-/]", "+,-./0", "+,-./"),
    "letters are their own case": ("[k]", "kK\u212a", "k"),
}


@pytest.mark.parametrize(("source", "text", "found"), MEANS.values(), ids=MEANS.keys())
def test_means(source: str, text: str, found: str) -> None:
    pattern = parse(source)
    assert "".join(text[a:b] for a, b in everywhere(pattern, text)) == found


SEEN = {
    "a word ends where ASCII letters end": (r"\bid\b", "éidé id idx", [(1, 3), (5, 7)]),
    "no boundary within a word": (r"\Bd", "id d", [(1, 2)]),
    "^ is after a line feed only": ("^a", "a\na\ra\u2028a", [(0, 1), (2, 3)]),
    "$ is before a line feed only": ("a$", "a\na\ra\u2028a", [(0, 1), (6, 7)]),
    r"\A is the text's start": (r"\Aa", "a\na", [(0, 1)]),
    r"\z is the text's end, not before its line feed": (r"a\z", "a\na\n", []),
    r"\z is the text's end": (r"a\z", "a\na", [(2, 3)]),
    "every start has its match": ("a{1,2}", "aaa", [(0, 2), (1, 3), (2, 3)]),
    "lazy": ("a{1,2}?", "aaa", [(0, 1), (1, 2), (2, 3)]),
    "possessive": ("a{1,2}+a", "aaa", [(0, 3)]),
    "a reference repeats the very characters": ("(?i)([a-z])\\1", "aAaakK", [(2, 4)]),
    "look-behind of many lengths": ("(?<=x[ab]{0,3})c", "xabc abc", [(3, 4)]),
    "braces and brackets that close nothing": ("a}]", "a}]", [(0, 3)]),
}


@pytest.mark.parametrize(("source", "text", "spans"), SEEN.values(), ids=SEEN.keys())
def test_seen(source: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert everywhere(parse(source), text) == spans


EDGES = {
    "look-behind before the first start": (r"(?<=a)b", "ab", 1, 1, [(1, 2)]),
    "no line start at the first start": ("^b", "ab", 1, 1, []),
    "no text's start at the first start": (r"\Ab", "ab", 1, 1, []),
    "no text's end past the last start": (r"a\z", "ab", 0, 0, []),
    "no boundary at the first start": (r"\bb", "ab", 1, 1, []),
    "no line end past the last start": ("a$", "ab", 0, 0, []),
    "no boundary past the last start": (r"a\b", "ab", 0, 0, []),
    "no end for a negative look-ahead": (r"a(?!bc)", "abc", 0, 0, []),
    "look-ahead past the last start": (r"a(?=bc$)", "abc", 0, 0, [(0, 1)]),
    "a longer branch past the last start": ("abcd|a", "abcd", 0, 0, [(0, 4)]),
    "nothing before the first start": ("a", "aaa", 1, 1, [(1, 2)]),
    "an empty range of starts": ("a", "aaa", 1, 0, []),
    "starts past the end": ("a", "aaa", 2, 9, [(2, 3)]),
}


@pytest.mark.parametrize(("source", "text", "first", "last", "spans"), EDGES.values(), ids=EDGES)
def test_edges(source: str, text: str, first: int, last: int, spans: list[object]) -> None:
    pattern = parse(source)
    assert list(find(compile(pattern), text, first, last, pattern)) == spans


def test_a_pattern_out_of_time_says_so() -> None:
    pattern = parse(r"(?:(?:a{1,40}){1,40}){1}b")
    with pytest.raises(TimeoutError):
        list(find(compile(pattern), "a" * 500, 0, 500, pattern, timeout=0.05))


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_every_property_is_one_of_regex(name: str) -> None:
    assert compile(parse(rf"\p{{{name}}}|\P{{{name}}}")).fullmatch("x")


def test_regex_and_casefold_pair_the_same_letters_where_literals_are_taken() -> None:
    letters = "".join(map(chr, range(0x110000)))
    cased = "".join(
        regex.findall(r"[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]", letters)
    )
    for char in filter(_folded_steadily, cased):
        found = {cased[a:b] for a, b in everywhere(parse("(?i)" + regex.escape(char)), cased)}
        assert {other.casefold() for other in found} == {char.casefold()}, unicodedata.name(char)


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────

ALPHABET = "abcksiKSI12- \n\u00e9\u00c9\u0131\u0130\u017f\u212a"

# A piece is a source and a text that it may match, so that the laws see matches and not only misses.
Piece = tuple[str, str]
ATOMS = {char: char for char in "abcksiKSI12- é\u0131\u212a"} | {
    r"\.": ".",
    r"\n": "\n",
    r"\x61": "a",
    "[ab]": "ab",
    "[^a]": "b\n",
    "[a-c]": "abc",
    "[sS]": "sS",
    "[- ]": "- ",
    "[12]": "12",
    r"[a\d]": "a1",
    r"[^\w]": "-é",
    r"[\w-]": "k-1",
    r"[\n-]": "\n-",
    r"\d": "12",
    r"\w": "aK1",
    r"\s": " \n",
    r"\D": "a-",
    r"\W": "-é",
    r"\S": "a1",
    ".": "a1é",
    r"\p{L}": "aé",
    r"\P{Lu}": "a1",
}
POSITIONS = ["^", "$", r"\A", r"\z", r"\b", r"\B"]
BOUNDS = {
    "?": (0, 1),
    "??": (0, 1),
    "?+": (0, 1),
    "{2}": (2, 2),
    "{0,2}": (0, 2),
    "{1,3}": (1, 3),
    "{1,3}?": (1, 3),
    "{1,2}+": (1, 2),
    "{,2}": (0, 2),
    "{2,3}": (2, 3),
}
OTHER_CASES = {"k": "\u212a", "s": "\u017f", "i": "\u0130", "I": "\u0131"}


@st.composite
def atoms(draw: st.DrawFn) -> Piece:
    source = draw(st.sampled_from(list(ATOMS)))
    return source, draw(st.sampled_from(ATOMS[source]))


@st.composite
def repeats(draw: st.DrawFn, inner: st.SearchStrategy[Piece]) -> Piece:
    source, text = draw(inner)
    bound = draw(st.sampled_from(list(BOUNDS)))
    return f"(?:{source}){bound}", text * draw(st.integers(*BOUNDS[bound]))


@st.composite
def compounds(draw: st.DrawFn, inner: st.SearchStrategy[Piece]) -> Piece:
    source, text = draw(inner)
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return draw(st.sampled_from(POSITIONS)), ""
    if kind == 1:
        return draw(st.sampled_from(["(?=", "(?<="])) + source + ")", text
    if kind == 2:
        return draw(st.sampled_from(["(?!", "(?<!"])) + source + ")", ""
    if kind == 3:
        return f"(?={source}){source}", text
    if kind == 4:
        char = draw(st.sampled_from("ab-"))
        return rf"([ab-]){source}\1", char + text + char
    if kind == 5:
        other, other_text = draw(inner)
        return f"(?:{source}|{other})", draw(st.sampled_from([text, other_text]))
    return source, text


def composed(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    parts = st.lists(inner | compounds(inner) | repeats(inner), min_size=1, max_size=4)
    return parts.map(lambda found: ("".join(s for s, _ in found), "".join(t for _, t in found)))


pieces = st.recursive(atoms(), composed, max_leaves=10)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pattern, str]:
    """A pattern, and a text in which it may well have a match."""
    source, sample = draw(pieces)
    flag = draw(st.sampled_from(["", "(?i)"]))
    assume(len(sample) < 60 and refusal(flag + source) is None)
    if flag and draw(st.booleans()):
        sample = "".join(OTHER_CASES.get(char, char.swapcase()) for char in sample)
    return parse(flag + source), draw(noise) + sample + draw(noise)


@st.composite
def reaching(draw: st.DrawFn) -> tuple[Pattern, str]:
    """A pattern of one width that sees past its end, or past an end within it; and its text."""
    source, seen = draw(words), draw(words)
    sample = source + seen
    kept = draw(st.integers(0, len(seen)))
    ends = [f"(?={seen})", f"(?={seen}$)", rf"(?={seen}\b)", f"(?!{seen}$)", rf"(?={seen}\z)"]
    ends += ["$", r"\b", r"\B", r"\z"]
    source += draw(st.sampled_from(ends)) + seen[:kept]
    source += draw(st.sampled_from(["", "|a", r"|\w(?<=ab)"]))
    return parse(source), draw(noise) + sample + draw(noise)


words = st.text(alphabet="ab1", min_size=1, max_size=3)
noise = st.text(alphabet=ALPHABET, max_size=5)
patterns = cases().map(lambda case: case[0])


def everywhere(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    return list(find(compile(pattern), text, 0, len(text), pattern))


def one_by_one(compiled: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for start in range(len(text)):
        if match := compiled.match(text, start):
            yield match.span()


@given(cases())
def test_matches_are_as_long_and_hold_what_is_said(case: tuple[Pattern, str]) -> None:
    pattern, text = case
    for start, end in everywhere(pattern, text):
        found = text[start:end]
        assert pattern.least <= len(found) <= pattern.width
        assert sum(char in "0123456789" for char in found) >= pattern.digits
        if pattern.literals:
            seen = found.casefold() if pattern.ignore_case else found
            assert any(literal in seen for literal in pattern.literals)


@given(patterns)
def test_literals_are_few_long_enough_and_folded(pattern: Pattern) -> None:
    assert len(pattern.literals) <= 64
    assert all(len(literal) >= 2 for literal in pattern.literals)
    if pattern.ignore_case:
        assert all(literal == literal.casefold() for literal in pattern.literals)


@given(cases())
def test_find_is_what_regex_prefers_at_each_start(case: tuple[Pattern, str]) -> None:
    pattern, text = case
    assert everywhere(pattern, text) == list(one_by_one(compile(pattern), text))


@given(cases() | reaching(), st.integers(1, 9))
def test_any_windows_find_the_same(case: tuple[Pattern, str], step: int) -> None:
    pattern, text = case
    compiled = compile(pattern)
    found = [
        span
        for first in range(0, len(text) + 1, step)
        for span in find(compiled, text, first, first + step - 1, pattern)
    ]
    assert found == everywhere(pattern, text)


@given(cases() | reaching(), noise, noise)
def test_nothing_out_of_reach_has_a_say(
    case: tuple[Pattern, str], other_head: str, other_tail: str
) -> None:
    pattern, text = case
    compiled = compile(pattern)
    for start in range(len(text)):
        low, high = start - pattern.before, start + pattern.width + pattern.after
        # The text's own edges are seen when they are in reach.
        head = other_head if low >= 0 else ""
        tail = other_tail if high <= len(text) else ""
        shift = len(head) - max(low, 0)
        match = compiled.match(text, start)
        other = compiled.match(head + text[max(low, 0) : high] + tail, start + shift)
        moved = other and (other.start() - shift, other.end() - shift)
        assert moved == (match and match.span())


@given(cases())
def test_pythons_own_module_agrees(case: tuple[Pattern, str]) -> None:
    pattern, text = case
    assume(not pattern.source.startswith("(?i)") and r"\p" not in pattern.source.lower())
    try:
        source = pattern.source.replace(r"\z", r"\Z")
        oracle = re.compile(source, re.ASCII | re.MULTILINE)
    except re.error:  # look-behind of many lengths
        assume(False)
    expected = [m.span() for start in range(len(text)) if (m := oracle.match(text, start))]
    assert everywhere(pattern, text) == expected


pool = st.sampled_from([*"aiksz-", *"AIKSZ[", *"éÉÿ\u0130\u0131\u017f\u212aσςΣ"])
ranges = st.tuples(pool, pool).filter(lambda pair: pair[0] <= pair[1] < "\u0400")


@given(st.lists(pool | ranges, min_size=1, max_size=3), st.booleans())
def test_a_class_in_any_case_is_what_casefold_says(
    parts: list[str | tuple[str, str]], negated: bool
) -> None:
    members: set[str] = set()
    written = ""
    for part in parts:
        low, high = part if isinstance(part, tuple) else (part, part)
        members |= {chr(code).casefold() for code in range(ord(low), ord(high) + 1)}
        written += f"\\u{ord(low):04x}-\\u{ord(high):04x}"
    compiled = compile(parse(f"(?i)[{'^' if negated else ''}{written}]"))
    for char in [chr(code) for code in range(0x180)] + list("\u212aσςΣ"):
        assert bool(compiled.fullmatch(char)) == ((char.casefold() in members) != negated)


@given(st.text(alphabet=r"ab1(?:|)[]^-\dwbp{,3}*+?!=<>Pi. ", max_size=16))
@settings(max_examples=500)
def test_any_source_is_a_pattern_or_an_error_with_a_place(source: str) -> None:
    error = refusal(source)
    if error is None:
        compile(parse(source))
    else:
        assert 0 <= error.at <= len(source)
        assert error.message
        assert error.hint


def refusal(source: str) -> PatternError | None:
    try:
        parse(source)
    except PatternError as error:
        return error
    return None
