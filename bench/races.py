"""Vitrine beside what people would use instead: vitrine bench with all peers that were built."""
import json
import pathlib
import statistics
import subprocess

from figures import Bar, Table, number
import plots

ROUNDS = 5
SECONDS = 0.12
SIZES = ("16K", "1080p", "4K", "24MP")
BY = ("posix-ring", "copied")
RINGS = ("posix-ring", "sysv-ring", "iceoryx")  # peers that have a frame made in place
WAYS = {"copied": "copied", "in_place": "in place", "drawn": "in place, every byte written"}
HEAD = ("", "frames/s", "× posix-ring", "CPU a frame", "publish → pointer", "p99", "frame → copied",
        "p99", "switches", "faults", "others' CPU")


def run(pair, quiet):
    modules = sorted((pair.build.parent / "peers").glob("*.so"))
    found = _bench(pair, SIZES, modules)
    drawn = _bench(pair, ("16K", "1080p"), [path for path in modules if path.stem == "iceoryx"],
                   "--drawn")
    (pair.work / "races.json").write_text(json.dumps([found, drawn]))
    _plot(pair.plots / "peers.svg", found)
    sections = [_table(Race(size)) for size in found["sizes"]]
    sections.insert(0, Table("Beside what people would use instead", (), [],
                             "![frames a second by size, Vitrine and its peers](plots/peers.svg)"))
    sections[0].bars = _bars({size["name"]: Race(size) for size in found["sizes"]})
    return sections + [_drawn(drawn), _limits(found), _left_out(pair)]


def _bench(pair, sizes, modules, *more):
    done = subprocess.run(
        [pair.build / "vitrine", "bench", "--json", "--rounds", str(ROUNDS), "--seconds",
         str(SECONDS), *more, *("--size=" + size for size in sizes),
         *("--peer=%s" % module for module in modules)],
        stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


class Race:
    """One size of frames: its entries by (peer, way)."""

    def __init__(self, size):
        self.size = size
        self.entries = {(entry["peer"], entry["way"]): entry for entry in size["entries"]}

    def has(self, *key):
        return key in self.entries and self.entries[key]["left_out"] is None

    def median(self, key, what):
        return statistics.median(_there(self.entries[key], what))

    def ratio(self, key, by, what="rate"):
        """The median over the rounds of the ratio within a round."""
        return statistics.median(a / b for a, b in zip(
            self.entries[key][what], self.entries[by][what]) if a > 0 and b > 0)

    def ratio_to_best(self, key, others):
        """The same, to the best of others in each round."""
        best = [max(rates) for rates in zip(*(self.entries[other]["rate"] for other in others))]
        return statistics.median(a / b for a, b in zip(self.entries[key]["rate"], best) if b > 0)


def _there(entry, what):
    """The rounds that were raced: a slow peer has only one."""
    return [value for value, rate in zip(entry[what], entry["rate"]) if rate > 0] or [0]


def _time(microseconds):
    if microseconds >= 1000:
        return "%s ms" % number(microseconds / 1000)
    return "%s µs" % number(microseconds)


def _row(race, key):
    entry = race.entries[key]
    label = "%s, %s" % (entry["title"], WAYS[key[1]])
    if entry["left_out"] is not None:
        return (label, "left out: " + entry["left_out"]) + ("",) * (len(HEAD) - 2)
    times = [_time(race.median(key, what)) for what in (
        "cpu_us", "pointer_us", "pointer_p99_us", "copied_us", "copied_p99_us")]
    return (label, number(race.median(key, "rate")), "%.2f" % race.ratio(key, BY), *times,
            number(race.median(key, "switches")), number(race.median(key, "faults")),
            "%.0f %%" % (100 * race.median(key, "others")))


def _table(race):
    size = race.size
    below = "Limits: memcpy alone moves %s such frames a second, and %s in each of two processes at " \
            "once." % tuple(number(statistics.median(size[name]))
                            for name in ("copies", "copies_of_two"))
    order = sorted(race.entries, key=lambda key: key[1] != "copied")
    return Table("Frames of %s (%d × %d)" % (size["name"], size["width"], size["height"]), HEAD,
                 [_row(race, key) for key in order], below)


def _drawn(found):
    rows = [("%s: %s" % (race.size["name"], row[0]), *row[1:])
            for race in map(Race, found["sizes"]) for key in race.entries if key[1] == "drawn"
            for row in [_row(race, key)]]
    return Table("In place, with every byte of each frame written anew", HEAD, rows)


def _limits(found):
    names = {"call_us": "an empty system call", "semop_us": "one `semop` that need not wait",
             "wakeup_us": "waking a process that sleeps (futex), one way"}
    rows = [(text, "%.2f µs" % statistics.median(call[name] for call in found["calls"]))
            for name, text in names.items()]
    return Table("What the kernel's calls cost here", ("call", "median"), rows)


def _left_out(pair):
    path = pair.build.parent / "peers/left-out"
    lines = path.read_text().splitlines() if path.exists() else ["all: they were not built"]
    return Table("Peers left out", ("peer and reason",), [(line,) for line in lines] or [("none",)])


# ---- what is to be reached -----------------------------------------------------------------------

def _bars(races):
    def at_least(what, value, goal):
        return Bar(what, "%.2f ×" % value, "≥ %.2f ×" % goal, value >= goal)

    def at_most(what, value, goal):
        return Bar(what, "%.2f ×" % value, "≤ %.2f ×" % goal, value <= goal)

    copied, in_place, ring = ("vitrine", "copied"), ("vitrine", "in_place"), ("posix-ring", "in_place")
    bars = []
    full = races.get("1080p")
    if full:
        bars.append(at_least("1080p copied, to posix-ring", full.ratio(copied, BY), 1.0))
        if full.has("iceoryx", "copied"):
            bars.append(at_least("1080p copied, to iceoryx",
                                 full.ratio(copied, ("iceoryx", "copied")), 1.2))
    for name, goal in (("1080p", 1.1), ("4K", 1.0)):
        if name in races:
            others = [(peer, "in_place") for peer in RINGS if races[name].has(peer, "in_place")]
            bars.append(at_least("%s in place, to the best ring in place in each round" % name,
                                 races[name].ratio_to_best(in_place, others), goal))
    if full:
        bars.append(at_most("CPU a frame, 1080p in place, to posix-ring in place",
                            full.ratio(in_place, ring, "cpu_us"), 1.05))
    for name in ("16K", "1080p"):
        if name in races:
            bars.append(at_most("hand-over to a sleeping consumer, %s in place, to posix-ring" % name,
                                races[name].ratio(in_place, ring, "pointer_us"), 1.2))
    small = races.get("16K")
    if small and small.has("iceoryx", "copied"):
        for way, goal in (("copied", 1.0), ("in_place", 0.8)):
            by = ("iceoryx", way)
            bars.append(at_least("16 KB %s, to iceoryx (CPU a frame: %.2f ×)" % (
                WAYS[way], small.ratio(("vitrine", way), by, "cpu_us")),
                small.ratio(("vitrine", way), by), goal))
    return bars


def _plot(path, found):
    panels = []
    for race in map(Race, found["sizes"]):
        rows = [("%s, %s" % (key[0], WAYS[key[1]]), race.ratio(key, BY),
                 plots.OURS if key[0] == "vitrine" else plots.OTHERS)
                for key in race.entries if race.has(*key)]
        panels.append(("%s: frames/s, × posix-ring" % race.size["name"],
                       sorted(rows, key=lambda row: -row[1])))
    plots.bars(path, panels)
