"""Weights: what the words of a sentence say together, where none of them says it alone.

"The buyer pulled out on Friday and the board has not told the market" has no word that does not
stand in a thousand harmless texts. Each word, and each two of them, weighs something for or
against; what they weigh together tells such a sentence from others. `rules/data/weights.tsv` has
been learned from sentences and published pages by `tools/learn_weights.py`.
"""

from __future__ import annotations

import marshal
import os
import sys

from leakguard.light import (
    Final,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    expression,
    lru_cache,
    suppress,
)
from leakguard.records import NamedTuple

REACH: Final = 400  # how far a sentence goes from one of its words
FEWEST: Final = 20  # characters of a sentence
READY: Final = "weights"  # what a build has made of them, among the rules made ready
_UNIT: Final = 25  # so many steps of a weight are 1
_NONE: Final = 128  # the step of what weighs nothing
_LAYOUT: Final = 2  # of what a build makes

NUMBER, DAY, MONTH, NAME, ADDRESS = "<number>", "<day>", "<month>", "<name>", "<address>"

_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    DAY: (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("mon", "tue", "tues", "wed", "weds", "thu", "thurs", "fri", "sat", "sun"),
    ),
    MONTH: (
        *("january", "february", "march", "april", "june", "july", "august", "september"),
        *("october", "november", "december"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    ),
}
_CLASSES: Final = {word: name for name, words in _MEMBERS.items() for word in words}
_BLOCK = (
    "address|article|blockquote|body|br|button|caption|dd|div|dl|dt|figcaption|h[1-6]|head"
    "|hr|html|label|li|main|ol|option|p|pre|section|summary|table|tbody|td|th|title|tr|ul"
)
_STOPS: Final = ".!?"
_OPENS: Final = '?!:("“'  # behind it a capital says nothing
_CLOSED: Final = r"[\"'”’)\]*_]{0,3}(?=\s|<)"
# Where a sentence ends: at a stop, a blank line, and where a list, a table or a block goes on. Each
# way begins with a letter of its own: `re` passes over all others at once.
_END = expression(
    r"\.(?<!\b[MD]r\.)(?<!\bM[sx]\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\b(?:e\.g|i\.e)\.)(?<!\b(?:vs|cf)\.)"
    rf"{_CLOSED}|!{_CLOSED}|\?{_CLOSED}"
    r"|\n(?=[ \t]*(?:\n|[-*+#>|=~`]|\d{1,3}[.)]|//|\.\.|@))"
    rf"|<(?:!--|/?(?i:{_BLOCK})\b[^<>]{{0,300}}>)|-->|\*/"
)
# What is no word comes first: tags, the targets of links, addresses.
_TOKEN = expression(
    r"<[a-zA-Z/!][^<>]{0,300}>|\]\([^()\s]{0,300}\)|\]\[[^\[\]]{0,80}\]"
    r"|(?P<address>(?:https?://|www\.)\S{1,500}|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{1,60})"
    r"|(?P<number>\d[\d.,:/]{0,40})|(?P<word>[^\W\d_]{1,40}(?:['’][^\W\d_]{1,2}(?![^\W\d_]))?)"
    r"|(?P<mark>[?!:()…–—%\"“”=£$€#|…])"
)


class Weights(NamedTuple):
    """What words weigh, for each of some kinds of sentences: the columns.

    A sentence weighs the `start` of a column, what its words do, and `each` for each of them; from
    0 on it is told. One of `leads` stands in whatever is looked at. What a word weighs is a row of
    `steps`, a byte a column: 25 are 1, from 128 on. `keys` are hashes of words, each at the place
    that it says itself or at the next ones that are free, and `rows` where theirs are.
    """

    columns: tuple[str, ...]
    starts: tuple[float, ...]
    each: tuple[float, ...]
    leads: tuple[str, ...]
    keys: Sequence[int]
    rows: Sequence[int]
    steps: bytes

    def of(self, text: str) -> list[float]:
        """What a sentence weighs in each column.

        >>> head = "# start\\t-1.0\\n# each\\t0.0\\n\\tfigures\\n"
        >>> some = compiled(head + "not told\\t0.8\\n<day>\\t0.4\\n")
        >>> [round(weight, 1) for weight in some.of("The market is not told before Friday")]
        [0.2]
        """
        from binascii import crc32  # most texts have no sentence to weigh

        plain, written = words(text)
        keys, steps, wide = self.keys, self.steps, len(self.columns)
        mask = len(keys) - 1
        found = []
        for one in features(plain, written):
            key = crc32(one.encode())
            at = key & mask
            while (there := keys[at]) and there != key:
                at = (at + 1) & mask
            if there:
                row = self.rows[at] * wide
                found.append(steps[row : row + wide])
        sums = list(map(sum, zip(*found, strict=True))) or [0] * wide
        return [
            start + each * len(plain) + (total - _NONE * len(found)) / _UNIT
            for start, each, total in zip(self.starts, self.each, sums, strict=True)
        ]


@lru_cache(maxsize=1)
def brought() -> Weights:
    """The weights that leakguard brings."""
    from leakguard.packs import READY as FOLDER
    from leakguard.packs import rules_folder

    folder = rules_folder()
    with open(os.path.join(folder, "data", "weights.tsv"), encoding="utf-8") as file:
        version = file.readline()
        try:
            with open(os.path.join(folder, FOLDER, READY), "rb") as kept:
                if kept.readline() == _made(version):
                    made = Weights._make(marshal.loads(kept.read()))
                    keys, rows = memoryview(bytes(made.keys)), memoryview(bytes(made.rows))
                    return made._replace(keys=keys.cast("I"), rows=rows.cast("H"))
        except (OSError, EOFError, ValueError, TypeError):
            pass
        return compiled(version + file.read())


def build(folder: str) -> str:
    """Keep in `folder` what reading the weights makes of them; the file, "" if it is there."""
    from leakguard.packs import rules_folder

    with open(os.path.join(rules_folder(), "data", "weights.tsv"), encoding="utf-8") as file:
        table = file.read()
    made = compiled(table)
    kept = marshal.dumps((*made[:4], bytes(made.keys), bytes(made.rows), made.steps))
    data = _made(table.partition("\n")[0]) + kept
    path = os.path.join(folder, READY)
    with suppress(OSError), open(path, "rb") as there:
        if there.read() == data:
            return ""
    with open(path, "wb") as new:
        new.write(data)
    return path


def _made(version: str) -> bytes:
    """What the weights are called that were made from a version of the table, on this machine."""
    return f"{_LAYOUT} {version.strip()} {sys.byteorder}\n".encode()


def words(text: str) -> tuple[list[str], list[str]]:
    """The words of a sentence, and marks that say something; and the same with `<name>` for names.

    >>> words("Q3 is [down](/x) 12% (<b>not</b> told to Ann)")[0]
    ['q', '<number>', 'is', 'down', '<number>', '%', '(', 'not', 'told', 'to', 'ann', ')']
    >>> words("Not told to Ann before Friday")[1]
    ['not', 'told', 'to', '<name>', 'before', '<name>']
    """
    plain: list[str] = []
    written: list[str] = []
    first = True
    for address, number, word, mark in _TOKEN.findall(text):
        if word:
            low = word.lower().replace("’", "'")
            low = _CLASSES.get(low, low)
            named = not first and word[0].isupper() and not word[1:].isupper()
            plain.append(low)
            written.append(NAME if named else low)
        elif mark or number or address:
            shown = mark or (NUMBER if number else ADDRESS)
            plain.append(shown)
            written.append(shown)
        else:
            continue
        first = mark != "" and mark in _OPENS
    return plain, written


def features(plain: Sequence[str], written: Sequence[str]) -> set[str]:
    """What of a sentence's words may weigh something.

    >>> sorted(features(*words("not told Ann")))
    ['<name>', 'ann', 'not', 'not _ <name>', 'not told', 'told', 'told <name>']
    """
    found = {*plain, *written}
    for far, joint in ((1, " "), (2, " _ ")):
        found.update(map(joint.join, zip(written, written[far:], strict=False)))
    return found


def around(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end that hold what stands at some places, each once, in order.

    None is told that goes on and on, or has few letters. Takes time by the length of the text,
    however many the places, which are in order, too.

    >>> text = "It is out. Not so the price of it: wait.\\n- One more"
    >>> [text[slice(*span)] for span in around(text, [(15, 17), (35, 39)])]
    ['Not so the price of it: wait.']
    """
    first: int | None = 0  # where the sentence begins that is looked at, if that is known
    end = last = 0  # where it ends, and where what ends it does
    for start, stop in places:
        if last < start - 2 * REACH:
            far = start - 2 * REACH  # what ends a sentence may be long, too
            first = None if far > 0 else 0
            end, last = _end(text, max(0, far))
        while last <= start:
            first = last
            end, last = _end(text, last)
        if first is None or start - first > REACH or end - stop > REACH:
            continue
        low, high = first, end
        first = None  # told once
        while low < high and text[low].isspace():
            low += 1
        while low < high and text[high - 1].isspace():
            high -= 1
        if high - low >= FEWEST:
            yield low, high


def _end(text: str, start: int) -> tuple[int, int]:
    """Where a sentence ends from a place on, its stop included, and where what ends it does."""
    found = _END.search(text, start)
    if found is None:
        return len(text), len(text) + 1
    return found.start() + (found[0][0] in _STOPS), found.end()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends."""
    first = 0
    for match in _END.finditer(text):
        yield first, match.start() + (match[0][0] in _STOPS)
        first = match.end()
    yield first, len(text)


def compiled(table: str) -> Weights:
    """Weights as a table writes them: what words weigh, by columns, behind lines with `#`.

    Those say `start`, `each` and `leads`.
    """
    from array import array
    from binascii import crc32

    said: dict[str, list[str]] = {}
    lines = iter(table.splitlines())
    for line in lines:
        if not line.startswith("#"):
            columns = line.split("\t")[1:]
            break
        name, *values = line.removeprefix("# ").split("\t")
        said[name] = values
    steps = bytearray()
    size = 1 << (2 * table.count("\n")).bit_length()  # half of it or less is taken
    keys, rows = array("I", [0]) * size, array("H", [0]) * size
    for row, (word, *weights) in enumerate(line.split("\t") for line in lines):
        steps += bytes(_NONE + round(float(one or 0) * _UNIT) for one in weights)
        at = crc32(word.encode()) & (size - 1)
        while keys[at]:
            at = (at + 1) & (size - 1)
        keys[at], rows[at] = crc32(word.encode()), row
    return Weights(
        columns=tuple(columns),
        starts=tuple(map(float, said["start"])),
        each=tuple(map(float, said["each"])),
        leads=tuple(" ".join(said.get("leads", ())).split()),
        keys=keys,
        rows=rows,
        steps=bytes(steps),
    )
