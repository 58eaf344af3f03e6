"""How fast leakguard is beside other scanners: the same files, one run, rounds interleaved.

    python benchmarks/speed.py [--corpus DIR] [--gitleaks FILE] [--giant MB] [--history REPO]
                               [--peers DIR] [--case NAME ...] [--rounds 3] [--output FILE]

Each case plants what its tools are to find and asks every tool first: one that does not name
exactly the files with something planted is refused a figure, and the table says so. Then the tools
take turns; medians of wall time are compared, with processor time and the memory of all its
processes beside them. The first turn warms up and is not counted; of runs of more than ten seconds
one is. Tools that are not installed are left out. Tools that would take minutes run on a slice of
the corpus, and only their throughput can be compared. Below a table stands how ours compares with
the bar set for it.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SLICE = 1_000_000  # bytes for the tools that are slow
SMALL_SLICE = 100_000  # and for those that are slower than that
LONG = 10.0  # seconds: what takes longer is not run again and again
PROSE = (
    "A retry is cheap to write and dear to run: [each one](https://example.com/retries?n=2) asks"
    " a service that just said *no* to say it again. Version 4.2.1 waits 250 ms, then doubles.\n\n"
)
# Ordinary words, as code names are made of: each of them stands in many texts by itself.
FIRST = (
    "amber azure black blue bold brave bright bronze calm clear cold copper coral crimson crystal "
    "dark dawn deep distant dry dusty early eastern electric emerald empty evening fair fast final "
    "first flat forest frozen gentle giant glass golden grand gray great green grey happy hard "
    "hidden high hollow honest hot huge icy iron ivory jade keen kind large last late lazy light "
    "little lonely long loud low lucky lunar major mellow mighty misty modern morning narrow new "
    "noble northern ocean old open orange outer pale patient pearl pink plain polar prime proud "
    "pure purple quick quiet rapid rare red rich rising river rocky rough round royal rusty safe "
    "salt sandy scarlet secret shady sharp short silent silver simple slow small smooth snowy soft "
    "solar solid southern spare spring steady steel stone strong summer sunny swift tall tender "
    "thin tiny upper vast violet warm western white wide wild winter wise wooden yellow young"
).split()
SECOND = (
    "acorn anchor arrow badger bay beacon bear bird bison branch breeze bridge brook canyon "
    "castle cedar cliff cloud comet compass cove crane creek crow cypress deer delta desert "
    "dolphin dove dragon dune eagle ember falcon fern field finch fire flame forge fox garden "
    "gate glacier grove gull harbor hare hawk heron hill horizon horse island jaguar juniper "
    "kestrel lake lantern lark leaf lion lotus lynx maple marsh meadow mesa meteor mill moon "
    "moose mountain nebula oak orchid otter owl palm panther path pebble pine planet pond "
    "prairie quarry raven reef ridge robin rock rose sage sail salmon shore sky sparrow spruce "
    "star stork storm stream summit sun swan thistle thunder tiger tower trail tree tulip "
    "tundra valley vine wave whale willow wind wolf wood wren yard zenith"
).split()
PLANTED = 12
PEERS = ("rg", "kingfisher", "betterleaks", "leakgate", "detect-secrets")
OTHERS = ("Kingfisher", "betterleaks 2", "leakgate", "detect-secrets")


class Tool(NamedTuple):
    """One row of a case: how to run it on a path. `size` is how much text it gets."""

    name: str
    command: Callable[[Path], list[str]]
    where: str = "all"  # "all", "slice" or "small slice" of the corpus
    checked: bool = True  # it has to find what was planted


class Run(NamedTuple):
    """What one run took."""

    wall: float
    cpu: float
    memory: float
    out: str
    code: int


class Row(NamedTuple):
    """A tool's medians in a case, or why there are none."""

    name: str
    wall: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    size: int = 0
    refused: str = ""
    once: bool = False  # a single run


def main() -> None:
    """Measure the cases that were asked for and write a table for each."""
    asked = arguments()
    # As an installed package is: without it every run would compile the sources again.
    compileall.compile_dir(ROOT / "leakguard", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked, Path(folder))
        parts = [bench.heading()]
        print(parts[0], "\n", flush=True)
        for name, make in bench.cases().items():
            if asked.case and not {name, name.partition("-")[0]} & set(asked.case):
                continue
            text = "\n".join(make())
            print(text, "\n", flush=True)
            parts.append(text)
    if asked.output:
        Path(asked.output).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="a folder of published text")
    parser.add_argument("--gitleaks", type=Path, help="gitleaks' catalogue, for the case gitleaks")
    parser.add_argument("--giant", type=int, default=0, metavar="MB", help="size of one large file")
    parser.add_argument("--history", type=Path, metavar="REPO", help="a repository")
    parser.add_argument("--peers", type=Path, help="the bin folder of an environment of peers")
    parser.add_argument("--case", nargs="*", default=[], help="only cases that begin like this")
    parser.add_argument("--terms", type=int, nargs="*", default=[20, 200, 2000, 20000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=120, help="seconds for one run")
    parser.add_argument("--output", help="a page for the tables, as Markdown")
    return parser.parse_args()


class Bench:
    """The cases, and the files that they need."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.folder = folder
        self.by_terms: dict[int, Row] = {}
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("CI", "PRE_COMMIT")},
            "LEAKGUARD_CACHE_DIR": str(folder / "cache"),
            "KF_RULE_CACHE_DIR": str(folder / "kingfisher"),
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
        }

    def cases(self) -> dict[str, Callable[[], Iterator[str]]]:
        cases: dict[str, Callable[[], Iterator[str]]] = {"file": self.file, "commit": self.commit}
        if self.asked.corpus:
            for count in self.asked.terms:
                cases[f"terms-{count}"] = lambda count=count: self.terms(count)  # type: ignore[misc]
            cases["packs"] = self.packs
            if self.asked.gitleaks:
                cases["gitleaks"] = self.gitleaks
        if self.asked.giant:
            cases["giant"] = self.giant
        if self.asked.history:
            cases["history"] = self.history
        return cases

    # ── cases ────────────────────────────────────────────────────────────────────────────────────

    def file(self) -> Iterator[str]:
        """One small file with a finding in it, each tool with all the rules that it comes with."""
        place = self.folder / "file"
        place.mkdir()
        post = place / "post.md"
        post.write_text((PROSE * 60)[:10_000] + token(), encoding="utf-8")
        tools = [
            Tool("`python -c pass`", lambda path: [sys.executable, "-c", "pass"], checked=False),
            Tool("leakguard, hook", lambda path: hook(str(path)), checked=False),
            Tool("leakguard, command line", lambda path: guard(str(path)), checked=False),
            *self.own_rules(),
        ]
        rows = self.measured(tools, {"all": post}, [])
        yield from self.table("One small file (10 kB), all rules of each tool", rows, base=0)
        yield from against(rows, ["`python -c pass`"], 5, ours=1)
        yield from against(rows, ["`python -c pass`"], 7, ours=2)
        yield from against(rows, OTHERS, 1, ours=1)

    def commit(self) -> Iterator[str]:
        """Twenty files, as a commit hook gets them."""
        place = self.folder / "commit"
        place.mkdir()
        paths = [place / f"post-{n:02}.md" for n in range(20)]
        for number, path in enumerate(paths):
            path.write_text((PROSE * 60)[number * 300 :][:6_000], encoding="utf-8")
        names = [str(path) for path in paths]
        tools = [
            Tool("`python -c pass`", lambda path: [sys.executable, "-c", "pass"], checked=False),
            Tool("leakguard, hook", lambda path: hook(*names), checked=False),
            *self.own_rules(),
        ]
        rows = self.measured(tools, {"all": place}, [])
        yield from self.table("A commit of 20 files (6 kB each), all rules", rows, base=0)
        yield from against(rows, OTHERS, 1, ours=1)

    def terms(self, count: int) -> Iterator[str]:
        """The same terms for every tool that takes some."""
        wanted = terms(count)
        place = self.folder / f"terms-{count}"
        place.mkdir()
        planted = self.plant(place / "planted", wanted[:PLANTED])
        tools = self.literal_tools(wanted, place)
        rows = self.measured(tools, self.texts(), planted)
        yield from self.table(f"The corpus, the same {count:,} terms", rows)
        if count == 200:
            yield from against(rows, ["Kingfisher", "betterleaks 2"], 0.5)
            yield from against(rows, ["ripgrep"], 2)
        yield from self.grown(count, rows[0])

    def grown(self, count: int, ours: Row) -> Iterator[str]:
        """How ours compares with its own 200 terms, once there are more."""
        self.by_terms[count] = ours
        base = self.by_terms.get(200)
        if base and count > 200 and not ours.refused:
            yield from against([ours, base._replace(name="its own 200 terms")],
                               ["its own 200 terms"], 1.3)  # fmt: skip

    def packs(self) -> Iterator[str]:
        """All rules that each tool has. They differ, so nothing planted can be asked of all."""
        tools = [
            Tool("leakguard, all packs", lambda path: guard(str(path)), checked=False),
            *self.own_rules(slow=True),
        ]
        rows = self.measured(tools, self.texts(), [])
        yield from self.table("The corpus, all rules of each tool", rows)
        yield from against(rows, ["Kingfisher"], 0.7)
        yield from against(rows, ["leakgate"], 1 / 50)
        yield from against(rows, ["Presidio, patterns"], 1 / 5000)

    def gitleaks(self) -> Iterator[str]:
        """gitleaks' catalogue, read by each tool that can."""
        rules = str(self.asked.gitleaks)
        place = self.folder / "gitleaks"
        place.mkdir()
        planted = self.plant(place / "planted", [token() for _ in range(PLANTED)])
        tools = [
            Tool("leakguard", lambda path: guard("--only-pack", f"gitleaks:{rules}", str(path)))
        ]
        if self.python("pybetterleaks"):
            ask = (
                "import sys, pybetterleaks as b\n"
                "r = b.scan_dir(sys.argv[2], config_path=sys.argv[1])\n"
                "assert not r.errors, r.errors\n"
                "for f in r.findings: print(f.file, f.rule_id)"
            )
            python = self.python("pybetterleaks")
            tools.append(
                Tool("betterleaks 1 (pybetterleaks)", lambda p: [python, "-c", ask, rules, str(p)])
            )
        if kingfisher := self.find("kingfisher"):
            tools.append(
                Tool(
                    "Kingfisher",
                    lambda p: [*kingfisher_scan(kingfisher), "--rules-path", rules, str(p)],
                )
            )
        rows = self.measured(tools, self.texts(), planted)
        yield from self.table("The corpus, gitleaks' catalogue", rows)
        yield from against(rows, ["betterleaks 1 (pybetterleaks)"], 0.2)
        yield from against(rows, ["Kingfisher"], 0.5)

    def giant(self) -> Iterator[str]:
        """One large file, 200 terms, the last of them at its very end."""
        wanted = terms(200)
        place = self.folder / "giant"
        place.mkdir()
        large = place / "large.txt"
        piece = (PROSE * 5000).encode()
        with open(large, "wb") as file:
            while file.tell() < self.asked.giant * 1_000_000:
                file.write(piece)
            file.write(f"the {wanted[0].title()} ships".encode())
        part = place / "slice.txt"
        part.write_bytes(piece * (SLICE // len(piece)) + f"the {wanted[0].title()}".encode())
        planted = self.plant(place / "planted", wanted[:PLANTED])
        tools = self.literal_tools(wanted, place, giant=True)
        rows = self.measured(tools, {"all": large, "slice": part}, planted, names=True)
        yield from self.table(f"One file of {self.asked.giant:,} MB, 200 terms", rows)

    def history(self) -> Iterator[str]:
        """Every version that a repository's history holds: the same terms, then all rules.

        What is planted for it is committed and taken away again in a small repository.
        """
        repository, wanted = self.asked.history, terms(200)
        place = self.folder / "history"
        place.mkdir()
        planted = self.plant(place / "planted", wanted[:PLANTED])
        buried(place / "planted", planted)
        pack, rules = place / "terms.toml", place / "betterleaks.toml"
        pack.write_text(our_pack(wanted), encoding="utf-8")
        rules.write_text(betterleaks_rules(wanted), encoding="utf-8")
        kingfisher_file = place / "kingfisher.yml"
        kingfisher_file.write_text(kingfisher_rules(wanted), encoding="utf-8")
        tools = [Tool("leakguard", lambda p: guard("--history", "--only-pack", str(pack)))]
        own = [Tool("leakguard, all packs", lambda p: guard("--history"), checked=False)]
        if program := self.find("betterleaks"):
            tools.append(
                Tool("betterleaks 2 git", lambda p: [*in_git(program, p), "-c", str(rules)])
            )
            own.append(Tool("betterleaks 2 git", lambda p: in_git(program, p), checked=False))
        if kingfisher := self.find("kingfisher"):
            mine = ["--rules-path", str(kingfisher_file)]
            tools.append(
                Tool(
                    "Kingfisher", lambda p: [*kingfisher_scan(kingfisher, deep=True), *mine, str(p)]
                )
            )
            own.append(
                Tool(
                    "Kingfisher",
                    lambda p: [*kingfisher_scan(kingfisher, own=True, deep=True), str(p)],
                    checked=False,
                )
            )
        commits, versions = extent(repository)
        title = f"A history of {commits:,} commits, {versions / 1e6:,.0f} MB of versions"
        for what, among in (("the same 200 terms", tools), ("all rules of each tool", own)):
            rows = self.measured(among, {"all": repository}, planted, inside=repository)
            rows = [row._replace(size=versions) for row in rows]
            yield from self.table(f"{title}, {what}", rows)
            yield from against(rows, ["betterleaks 2 git"], 1)
            yield ""

    # ── tools ────────────────────────────────────────────────────────────────────────────────────

    def literal_tools(
        self, wanted: Sequence[str], place: Path, *, giant: bool = False
    ) -> list[Tool]:
        """Everything that can look for terms, with these."""
        pack, listed = place / "terms.toml", place / "terms.txt"
        pack.write_text(our_pack(wanted), encoding="utf-8")
        listed.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        tools = [Tool("leakguard", lambda path: guard("--only-pack", str(pack), str(path)))]
        if rg := self.find("rg"):
            tools.append(
                Tool(
                    "ripgrep",
                    lambda p: [rg, "-uuuiF", "-f", str(listed), "--count-matches", "-H", str(p)],
                )
            )
        if kingfisher := self.find("kingfisher"):
            rules = place / "kingfisher.yml"
            rules.write_text(kingfisher_rules(wanted), encoding="utf-8")
            limits = ["--no-limits"] if giant else []
            tools.append(
                Tool(
                    "Kingfisher",
                    lambda p: [
                        *kingfisher_scan(kingfisher),
                        *limits,
                        "--rules-path",
                        str(rules),
                        str(p),
                    ],
                )
            )
        if betterleaks := self.find("betterleaks"):
            config = place / "betterleaks.toml"
            config.write_text(betterleaks_rules(wanted), encoding="utf-8")
            tools.append(
                Tool(
                    "betterleaks 2",
                    lambda p: [*betterleaks_scan(betterleaks), "-c", str(config), str(p)],
                )
            )
        if leakgate := self.find("leakgate"):
            settings = place / "leakgate.toml"
            settings.write_text(
                'categories = ["custom"]\n[custom]\nterms = ' + json.dumps(list(wanted)) + "\n",
                "utf-8",
            )
            tools.append(
                Tool(
                    "leakgate",
                    lambda p: [
                        leakgate,
                        "scan",
                        "--format",
                        "json",
                        "--config",
                        str(settings),
                        str(p),
                    ],
                    "slice",
                )
            )
        if not giant and len(wanted) <= 2000:  # more than fits on a command line
            shape = r"(?i)\b(?:" + "|".join(wanted) + r")\b"
            tools.append(Tool("pygrep (pre-commit)", lambda p: pygrep(shape, p), "slice"))
        return tools

    def own_rules(self, *, slow: bool = False) -> list[Tool]:
        """The other scanners with the rules that they come with."""
        part = "slice" if slow else "all"
        tools = []
        if kingfisher := self.find("kingfisher"):
            scan = [*kingfisher_scan(kingfisher, own=True)]
            tools.append(Tool("Kingfisher", lambda p: [*scan, str(p)], checked=False))
        if betterleaks := self.find("betterleaks"):
            tools.append(
                Tool(
                    "betterleaks 2",
                    lambda p: [*betterleaks_scan(betterleaks), str(p)],
                    checked=False,
                )
            )
        if leakgate := self.find("leakgate"):
            tools.append(
                Tool(
                    "leakgate",
                    lambda p: [leakgate, "scan", "--format", "json", str(p)],
                    part,
                    False,
                )
            )
        if detect := self.find("detect-secrets"):
            tools.append(
                Tool(
                    "detect-secrets", lambda p: [detect, "scan", "--all-files", str(p)], part, False
                )
            )
        if slow and (python := self.python("presidio_analyzer")):
            peer = str(ROOT / "benchmarks" / "speed_presidio.py")
            tools.append(
                Tool("Presidio, patterns", lambda p: [python, peer, str(p)], "small slice", False)
            )
        return tools

    def find(self, name: str) -> str:
        """The path of a peer, or ""."""
        path = os.environ.get("PATH", "")
        if self.asked.peers:
            path = f"{self.asked.peers.resolve()}{os.pathsep}{path}"
        return shutil.which(name, path=path) or ""

    def python(self, module: str) -> str:
        """An interpreter that can import `module`, or ""."""
        for python in (self.find("python"), sys.executable):
            ask = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
            if python and subprocess.run([python, "-c", ask]).returncode == 0:
                return python
        return ""

    # ── measuring ────────────────────────────────────────────────────────────────────────────────

    def texts(self) -> dict[str, Path]:
        """The corpus, and the slices of it."""
        found = {"all": self.asked.corpus}
        for name, size in (("slice", SLICE), ("small slice", SMALL_SLICE)):
            found[name] = self.folder / name.replace(" ", "-")
            if not found[name].exists():
                found[name].mkdir()
                cut(self.asked.corpus, found[name], size)
        return found

    def plant(self, place: Path, texts: Sequence[str]) -> list[Path]:
        """A folder with each text in a file of its own, and files with none."""
        place.mkdir()
        for number, text in enumerate(texts):
            (place / f"planted-{number:02}.md").write_text(
                f"{PROSE}We call it {text.title() if ' ' in text else text} here.\n{PROSE}", "utf-8"
            )
            (place / f"clean-{number:02}.md").write_text(PROSE, encoding="utf-8")
        return sorted(place.iterdir())

    def measured(
        self,
        tools: Sequence[Tool],
        texts: dict[str, Path],
        planted: Sequence[Path],
        *,
        inside: Path | None = None,
        names: bool = False,
    ) -> list[Row]:
        """Medians of each tool, after it has shown that it finds what was planted.

        With `names` each run has to name its file, too: there is something to be found in it.
        `inside` is where tools are run that take no folder; for what is planted it is that folder.
        """
        refused = {
            tool.name: self.refusal(tool, planted, inside=inside is not None)
            for tool in tools
            if tool.checked and planted
        }
        runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
        for turn in range(self.asked.rounds + 1):
            for tool in tools:
                told = runs[tool.name]
                if refused.get(tool.name) or (told and told[0].wall > LONG):
                    continue
                ran = self.run(tool.command(texts[tool.where]), inside)
                if ran is None:
                    refused[tool.name] = f"more than {self.asked.limit} s, or failed"
                elif names and texts[tool.where].name not in ran.out:
                    refused[tool.name] = "did not find what stands at the end"
                elif turn:  # the first warms up
                    told.append(ran)
        sizes = {name: weight(path) for name, path in texts.items()}
        return [
            Row(
                tool.name,
                statistics.median(run.wall for run in runs[tool.name]),
                statistics.median(run.cpu for run in runs[tool.name]),
                max(run.memory for run in runs[tool.name]),
                sizes[tool.where],
                once=len(runs[tool.name]) == 1 < self.asked.rounds,
            )
            if not refused.get(tool.name)
            else Row(tool.name, refused=refused[tool.name])
            for tool in tools
        ]

    def refusal(self, tool: Tool, planted: Sequence[Path], *, inside: bool) -> str:
        """Why a tool cannot be compared: it names other files than those with something planted."""
        folder = planted[0].parent
        ran = self.run(tool.command(folder), folder if inside else None)
        if ran is None:
            return f"more than {self.asked.limit} s, or failed"
        named = {path.name for path in planted if path.name in ran.out}
        wanted = {path.name for path in planted if path.name.startswith("planted")}
        if named == wanted:
            return ""
        return f"found {len(named & wanted)} of {len(wanted)} planted, {len(named - wanted)} others"

    def run(self, command: list[str], inside: Path | None) -> Run | None:
        """Run once. None when it took too long or ended with an error of its own."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
            started = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env=self.environment, cwd=inside or self.folder, start_new_session=True,
            )  # fmt: skip
            peak = watched(process, started + self.asked.limit)
            wall = time.perf_counter() - started
            out.seek(0)
            text = out.read()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if peak is None or process.returncode not in (0, 1, 2, 3, 200, 205) or "Traceback" in text:
            return None
        return Run(wall, cpu, peak, text, process.returncode)

    # ── telling ──────────────────────────────────────────────────────────────────────────────────

    def heading(self) -> str:
        """What ran, on what, and how it was asked for."""
        import platform

        versions = [f"{name} {said}" for name in PEERS if (said := self.version(name))]
        load = "/".join(f"{one:.1f}" for one in os.getloadavg())
        return "\n".join(
            [
                "# Beside other scanners",
                "",
                f"    python benchmarks/speed.py {shown(sys.argv[1:])}",
                "",
                f"{time.strftime('%Y-%m-%d')}, CPython {platform.python_version()}, "
                f"{os.cpu_count()} cores ({processor()}), {platform.system()}; load when it began "
                f"{load}. {rounds(self.asked.rounds)}.",
                "",
                f"leakguard {self.version('leakguard')}; {', '.join(versions)}.",
            ]
        )

    def version(self, name: str) -> str:
        """What a tool says of itself, "" where it is not there."""
        program = installed(name) if name == "leakguard" else self.find(name)
        if not program:
            return ""
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        words = said.stdout.split()
        return next((word for word in words if word[:1].isdigit()), "")

    def table(self, title: str, rows: Sequence[Row], *, base: int | None = None) -> Iterator[str]:
        """Markdown. Ratios are to leakguard's first row, or to the row `base`."""
        whole = max((row.size for row in rows), default=0)
        ours = rows[base or 0]
        yield f"## {title}"
        yield ""
        yield "| tool | time | to " + ours.name + " | processor | memory | speed |"
        yield "|---|---|---|---|---|---|"
        for row in rows:
            if row.refused:
                yield f"| {row.name} | refused: {row.refused} | | | | |"
                continue
            part = "" if row.size == whole else f", on {row.size / 1e6:.1f} MB of it"
            part += ", one run" if row.once else ""
            # A slice is compared by throughput.
            unit = row.wall / (row.size or 1)
            scale = unit / (ours.wall / (ours.size or 1)) if ours.wall else 0.0
            speed = f"{row.size / 1e6 / row.wall:,.2f} MB/s" if whole > 200_000 else ""
            yield (
                f"| {row.name}{part} | {seconds(row.wall)} | {scale:,.2f} × | "
                f"{seconds(row.cpu)} | {row.memory:,.0f} MB | {speed} |"
            )


def watched(process: subprocess.Popen[bytes], until: float) -> float | None:
    """Wait; the largest memory of its processes together in MB, or None when time was up."""
    peak = 0.0
    pause = 0.002
    while process.poll() is None:
        if time.perf_counter() > until:
            os.killpg(process.pid, 9)
            process.wait()
            return None
        peak = max(peak, memory_of(process.pid))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return peak


def memory_of(pid: int) -> float:
    """What a process and its children hold now, in MB: shared pages once for each."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            with open(f"/proc/{one}/statm", encoding="ascii") as file:
                total += int(file.read().split()[1]) * 4096 / 1e6
            with open(f"/proc/{one}/task/{one}/children", encoding="ascii") as file:
                waiting += map(int, file.read().split())
        except (OSError, ValueError, IndexError):
            continue
    return total


def rounds(count: int) -> str:
    """What the figures are of."""
    return "One round" if count == 1 else f"Medians of {count} interleaved rounds"


def shown(words: Sequence[str]) -> str:
    """A command line as anybody may repeat it: folders by their names alone."""
    return " ".join(Path(word).name if os.sep in word else word for word in words)


def processor() -> str:
    """What the system calls its processor."""
    try:
        rows = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return "processor unknown"
    names = (row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
    return next(names, "processor unknown")


def against(rows: Sequence[Row], others: Sequence[str], bar: float, ours: int = 0) -> Iterator[str]:
    """How our row compares with the best of others, and with the bar: by what a byte takes."""
    mine = rows[ours]
    there = [row for row in rows if row.name in others and not row.refused]
    if mine.refused or not there:
        return
    best = min(there, key=lambda row: row.wall / (row.size or 1))
    for what, of in (("time", lambda row: row.wall), ("processor time", lambda row: row.cpu)):
        ratio = of(mine) / (mine.size or 1) / (of(best) / (best.size or 1))
        met = "met" if ratio <= bar else "missed"
        yield ""
        yield f"{mine.name}: {ratio:,.3g} × {best.name} by {what} (bar {bar:g} ×: {met})"


def guard(*more: str) -> list[str]:
    return [installed("leakguard"), "check", "--format", "json", *more]


def hook(*more: str) -> list[str]:
    return [installed("leakguard-hook"), "--format", "json", *more]


def installed(name: str) -> str:
    """A command of this installation, as people and hooks run it."""
    return os.path.join(os.path.dirname(sys.executable), name)


def pygrep(shape: str, path: Path) -> list[str]:
    names = (
        [str(p) for p in sorted(path.rglob("*")) if p.is_file()] if path.is_dir() else [str(path)]
    )
    return [sys.executable, "-m", "pre_commit.languages.pygrep", shape, *names]


def kingfisher_scan(program: str, *, own: bool = False, deep: bool = False) -> list[str]:
    options = ["--no-validate", "--no-update-check", "--format", "jsonl", "--redact"]
    options += [] if own else ["--load-builtins", "false", "--confidence", "low", "--no-dedup"]
    return [program, "scan", *options, "--git-history", "full" if deep else "none"]


def betterleaks_scan(program: str) -> list[str]:
    return [program, "auto", "--no-banner", "--redact", "-o", "-"]


def in_git(program: str, repository: Path) -> list[str]:
    return [program, "git", str(repository), "--no-banner", "--redact", "-o", "-"]


def buried(folder: Path, planted: Sequence[Path]) -> None:
    """Make a repository of `folder`, in whose history the planted files stand and no longer lie."""
    git = ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@example.com"]
    for words in (["init"], ["add", "--all"], ["commit", "-m", "Add"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    for path in planted:
        path.unlink()
    subprocess.run([*git, "commit", "--all", "-m", "Remove"], check=True, capture_output=True)


def extent(repository: Path) -> tuple[int, int]:
    """How many commits a repository's refs lead to, and the bytes of all versions of its files."""
    git = ["git", "-C", str(repository)]
    commits = subprocess.run(
        [*git, "rev-list", "--all", "--count"], check=True, capture_output=True, text=True
    )
    sizes = subprocess.run(
        [*git, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectsize)"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    rows = (line.split() for line in sizes.stdout.splitlines())
    return int(commits.stdout), sum(int(size) for kind, size in rows if kind == "blob")


def our_pack(wanted: Sequence[str]) -> str:
    return (
        '[pack]\nname = "speed"\n[[rule]]\nid = "term"\ntitle = "a term"\nseverity = "high"\n'
        'why = "It is measured."\ncommon = false\nterms = ' + json.dumps(list(wanted)) + "\n"
    )


def kingfisher_rules(wanted: Sequence[str]) -> str:
    rows = (
        f"  - name: term {n}\n    id: speed.t{n}\n    pattern: '(?i)\\b({term})\\b'\n"
        "    min_entropy: 0.0\n    confidence: low\n"
        for n, term in enumerate(wanted)
    )
    return "rules:\n" + "".join(rows)


def betterleaks_rules(wanted: Sequence[str]) -> str:
    rows = (
        f"[[rules]]\nid = 't{n}'\ndescription = 'term {n}'\nregex = '''(?i)\\b({term})\\b'''\n"
        f"keywords = ['{term}']\n"
        for n, term in enumerate(wanted)
    )
    return "title = 'speed'\n" + "".join(rows)


def terms(count: int) -> list[str]:
    """Two-word names of ordinary words, each once."""
    pairs = [f"{one} {other}" for one in FIRST for other in SECOND]
    random.Random(7).shuffle(pairs)
    if count > len(pairs):
        extra = (f"{pair} {n}" for n in range(2, 100) for pair in pairs)
        pairs += [next(extra) for _ in range(count - len(pairs))]
    return pairs[:count]


def token() -> str:
    """A token in the shape of a service's, made up on the spot."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "glpat-" + "".join(random.SystemRandom().choices(letters, k=20))


def cut(source: Path, target: Path, size: int) -> None:
    """Every so many-th file of `source`, up to `size` bytes."""
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    random.Random(7).shuffle(paths)
    taken = 0
    for number, path in enumerate(paths):
        if taken >= size:
            return
        if path.stat().st_size < size // 10:
            shutil.copyfile(path, target / f"{number}{path.suffix}")
            taken += path.stat().st_size


def weight(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file() and ".git" not in p.parts)


def seconds(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"


if __name__ == "__main__":
    main()
