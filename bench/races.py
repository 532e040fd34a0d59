"""Compares Vitrine with alternatives: bench-race with all peers that were built."""
import json
import statistics
import subprocess

from figures import Bar, Table, number, quartiles
import plots

ROUNDS = 7
SECONDS = 0.12
SIZES = ("16K", "1080p", "4K", "24MP")
BY = ("posix-ring", "copied")
RINGS = ("posix-ring", "sysv-ring", "iceoryx")  # peers that have a frame made in place
WAYS = {"copied": "copied", "in_place": "in place", "drawn": "in place, every byte written"}
HEAD = ("", "frames/s", "× posix-ring", "quartiles", "of its limit", "CPU a frame",
        "publish → pointer", "p99", "frame → copied", "p99", "switches", "faults", "others' CPU")


def run(pair, quiet):
    modules = sorted((pair.build.parent / "peers").glob("*.so"))
    found = _bench(pair, SIZES, modules)
    drawn = _bench(pair, ("16K", "1080p"), [path for path in modules if path.stem == "iceoryx"],
                   "--drawn")
    (pair.work / "races.json").write_text(json.dumps([found, drawn]))
    _plot(pair.plots / "peers.svg", found)
    sections = [_table(Race(size)) for size in found["sizes"]]
    sections.insert(0, Table("Vitrine and its peers", (), [],
                             "![frames per second by size, Vitrine and its peers](plots/peers.svg)"))
    sections[0].bars = _bars({size["name"]: Race(size) for size in found["sizes"]},
                             found["calls"])
    return sections + [_drawn(drawn), _limits(found), _left_out(pair)]


def _bench(pair, sizes, modules, *more):
    done = subprocess.run(
        [pair.build / "bench" / "bench-race", "--json", "--rounds", str(ROUNDS), "--seconds",
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

    def values(self, key, what="rate"):
        return self.entries[key][what]

    def best(self, others):
        """The rate of the best of these in each round."""
        return [max(rates) for rates in zip(*(self.values(other) for other in others))]

    def limit(self, way):
        """The rate of frames that consist only of their copies: of both processes at once, or of
        the consumer alone."""
        return self.size["copies_of_two" if way == "copied" else "copies"]


def ratios(values, by):
    """The ratios within the rounds."""
    return [a / b for a, b in zip(values, by) if a > 0 and b > 0] or [0]


def _there(entry, what):
    """The rounds that were measured: a slow peer has only one."""
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
    low, middle, high = quartiles(ratios(race.values(key), race.values(BY)))
    return (label, number(race.median(key, "rate")), "%.2f" % middle, "%.2f – %.2f" % (low, high),
            "%.2f" % statistics.median(ratios(race.values(key), race.limit(key[1]))), *times,
            number(race.median(key, "switches")), number(race.median(key, "faults")),
            "%.0f %%" % (100 * race.median(key, "others")))


def _table(race):
    size = race.size
    below = "Limits: memcpy alone moves %s such frames per second, and %s in each of two processes " \
            "at the same time." % tuple(number(statistics.median(size[name]))
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
             "arrays_us": "all six `semop` arrays of a frame, in one process, without waiting",
             "wakeup_us": "waking a process that sleeps (futex), one way"}
    rows = [(text, "%.2f µs" % statistics.median(call[name] for call in found["calls"]))
            for name, text in names.items()]
    return Table("What the kernel's calls cost here", ("call", "median"), rows)


def _left_out(pair):
    path = pair.build.parent / "peers/left-out"
    lines = path.read_text().splitlines() if path.exists() else ["all: they were not built"]
    return Table("Peers left out", ("peer and reason",), [(line,) for line in lines] or [("none",)])


# ---- goals --------------------------------------------------------------------------------------

def _bars(races, calls):
    """The limit of this machine in the same rounds is a frame that consists only of its copies, a
    hand-over that consists only of a wake-up, or a small frame that consists only of its semop
    arrays. The column of limits has the same ratio for such a frame."""
    ring = ("posix-ring", "in_place")
    bars = []
    for name in [name for name in ("1080p", "4K", "24MP") if name in races]:
        for way in ("copied", "in_place"):
            race = races[name]
            bars.append(Bar.of("%s %s, to its limit" % (name, WAYS[way]),
                               ratios(race.values(("vitrine", way)), race.limit(way)), 0.9, True, [1]))
    full = races.get("1080p")
    for peer, goal in (("posix-ring", 1.0), ("iceoryx", 1.2)):
        by = (peer, "copied")
        if full and full.has(*by):
            bars.append(Bar.of("1080p copied, to %s" % peer,
                               ratios(full.values(("vitrine", "copied")), full.values(by)), goal, True,
                               ratios(full.limit("copied"), full.values(by))))
    for name, goal in (("1080p", 1.1), ("4K", 1.0)):
        if name in races:
            race = races[name]
            best = race.best([(peer, "in_place") for peer in RINGS if race.has(peer, "in_place")])
            bars.append(Bar.of("%s in place, to the best ring in place in each round" % name,
                               ratios(race.values(("vitrine", "in_place")), best), goal, True,
                               ratios(race.limit("in_place"), best)))
    if full:
        cpu = full.values(ring, "cpu_us")
        bars.append(Bar.of("CPU a frame, 1080p in place, to posix-ring in place",
                           ratios(full.values(("vitrine", "in_place"), "cpu_us"), cpu), 1.05, False,
                           ratios([1e6 / rate for rate in full.limit("in_place")], cpu)))
    for name in [name for name in ("16K", "1080p") if name in races]:
        times = races[name].values(ring, "pointer_us")
        bars.append(Bar.of("hand-over to a sleeping consumer, %s in place, to posix-ring" % name,
                           ratios(races[name].values(("vitrine", "in_place"), "pointer_us"), times),
                           1.2, False, ratios([call["wakeup_us"] for call in calls], times)))
    if "16K" in races:
        bars.append(Bar.of("CPU a frame, 16 KB in place, to its semop arrays alone", ratios(
            races["16K"].values(("vitrine", "in_place"), "cpu_us"),
            [call["arrays_us"] for call in calls]), 1.3, False, [1]))
    return bars


def _plot(path, found):
    panels = []
    for race in map(Race, found["sizes"]):
        rows = [("%s, %s" % (key[0], WAYS[key[1]]),
                 statistics.median(ratios(race.values(key), race.values(BY))),
                 plots.OURS if key[0] == "vitrine" else plots.OTHERS)
                for key in race.entries if race.has(*key)]
        panels.append(("%s: frames/s, × posix-ring" % race.size["name"],
                       sorted(rows, key=lambda row: -row[1])))
    plots.bars(path, panels)
