"""vitrine bench and the programs of bench/ run, and their output is plausible. Speed is not tested
here: script/bench measures it on a quiet machine."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import support

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

SHORT = ("bench", "--rounds", "1", "--seconds", "0.01", "--size", "64x64")
DOUBLE = support.BUILD / "tests/libpeer_double.so"
GROWTH = support.BUILD / "bench/bench-growth"


def processes_named(pid):
    """The objects of the run with this pid: its POSIX object, its folders, and its System V
    objects."""
    found = [str(path) for path in pathlib.Path("/dev/shm").glob("vitrine-bench-%d*" % pid)]
    return found + list(support.ipc_objects(0x77010000 | pid & 0xffff).items())


class Bench(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.environment["TMPDIR"] = str(self.temporary)

    def bench(self, *arguments, status=0):
        """Runs the benchmark, and checks that it leaves nothing behind."""
        process = self.start(*SHORT, *arguments)
        self.finish(process, status)
        self.nothing_left(process)
        return process.log.read_text(), process.errors.read_text()

    def nothing_left(self, process):
        self.assertEqual(processes_named(process.pid), [])
        self.assertEqual(list(self.temporary.iterdir()), [])

    def entries(self, *arguments):
        found = json.loads(self.bench("--json", *arguments)[0])
        return {(entry["peer"], entry["way"]): entry for entry in found["sizes"][0]["entries"]}

    def test_table(self):
        text, _ = self.bench()
        for what in ("Vitrine", "POSIX shared memory and sem_t"):
            for way in ("copied", "in place"):
                row = re.search(r"^  %s +%s +([\d.]+) +[\d.]+ +[\d.]+-[\d.]+ +[\d.]+ [mu]s" % (
                    what, way), text, re.M)
                self.assertTrue(row and float(row[1]) > 0, text)
        for line in ("limit: memcpy, one process alone", "an empty system call", "Other processes used"):
            self.assertIn(line, text)

    def test_figures_fit_each_other(self):
        entries = self.entries("--drawn")
        self.assertEqual(set(entries), {(peer, way) for peer in ("vitrine", "posix-ring")
                                        for way in ("copied", "in_place", "drawn")})
        for key, entry in entries.items():
            with self.subTest(key):
                self.assertIsNone(entry["left_out"])
                figures = {name: values[0] for name, values in entry.items()
                           if isinstance(values, list)}
                for name in ("rate", "cpu_us", "pointer_us", "copied_us"):
                    self.assertGreater(figures[name], 0, name)
                self.assertGreaterEqual(figures["copied_us"], figures["pointer_us"])
                self.assertGreaterEqual(figures["pointer_p99_us"], figures["pointer_us"])
                self.assertGreaterEqual(figures["copied_p99_us"], figures["copied_us"])
                self.assertTrue(0 <= figures["others"] <= 1 and 0 <= figures["stolen"] <= 1)

    def test_module(self):
        entry = self.entries("--peer", DOUBLE)["double", "copied"]
        self.assertIsNone(entry["left_out"])
        self.assertGreater(entry["rate"][0], 0)

    def test_a_peer_that_fails_is_left_out_by_name(self):
        for mode, reason in (("torn", "frame 3 is not whole"), ("dies", "this is the end"),
                             ("bus", "killed by SIGBUS.*/dev/shm")):
            if mode == "bus" and support.SANITIZED:
                continue  # AddressSanitizer catches the signal and exits
            with self.subTest(mode):
                self.environment["VITRINE_PEER"] = mode
                text, _ = self.bench("--peer", DOUBLE)
                self.assertRegex(text, "a FIFO +copied +left out: .*" + reason)

    def test_what_is_no_peer(self):
        path = self.file("no.so")
        _, errors = self.bench("--peer", path, status=1)
        self.assertIn("no.so", errors)

    def test_wrong_usage(self):
        for option, value in (("--size", "3x3"), ("--size", "large"), ("--rounds", "0"),
                              ("--rounds", "26"), ("--seconds", "soon"), ("--seconds", "0")):
            with self.subTest(option=option, value=value):
                _, errors = self.run_tool("bench", option, value, status=2)
                self.assertIn("%s %s: give" % (option, value), errors)

    def test_an_end_by_signal(self):
        process = self.start("bench", "--seconds", "30", "--size", "64x64")
        self.assertTrue(support.wait_for(lambda: support.ipc_objects(
            0x77010000 | process.pid & 0xffff)), "it never began")
        process.send_signal(signal.SIGINT)
        self.finish(process, 1)
        self.nothing_left(process)

    @unittest.skipUnless(GROWTH.exists(), "bench-growth is not built")
    def test_growth(self):
        output = subprocess.run([GROWTH, "8", "4096", "2", "2", "1", "2", "1", "0.02"], timeout=60,
                                stdout=subprocess.PIPE, text=True, check=True).stdout
        fields = dict(re.findall(r"(\w+)=([\d.]+)", output))
        for name in ("published", "taken", "seen", "cpu_us", "total"):
            self.assertGreater(float(fields[name]), 0, name)

    def test_page(self):
        """Makes the tables of docs/performance.md from the output of vitrine bench."""
        try:
            import figures
            import plots
            import races
        except ModuleNotFoundError as missing:
            self.skipTest("not installed: python3-%s" % missing.name)
        found = json.loads(self.bench("--json", "--peer", DOUBLE)[0])
        race = races.Race(found["sizes"][0])
        table = figures.table(races.HEAD, [races._row(race, key) for key in race.entries])
        self.assertIn("Vitrine, in place", table)
        self.assertEqual(len({line.count("|") for line in table.splitlines()}), 1, table)
        bars = {bar.what: bar for bar in races._bars(
            {"16K": race}, found["calls"])}
        self.assertTrue(bars and all(re.match(r"[\d.]+ ×$", bar.value) for bar in bars.values()))
        path = self.folder / "plot.svg"
        plots.lines(path, "title", "x", "y", [("a", [(1, 2.0), (4, 3.0)])])
        first = path.read_bytes()
        plots.lines(path, "title", "x", "y", [("a", [(1, 2.0), (4, 3.0)])])
        self.assertEqual(path.read_bytes(), first, "the same data draws the same file")

    def test_bars_are_reached_or_not(self):
        import figures
        figure = figures.Figure("it", "ms", 10, "it is quick")
        section = figures.Section("one", it=figure)
        for value in (9.0, 9.0, 9.0, 10.0, 11.0):
            figure.add(value, 0.5)
        self.assertTrue(section.bars[0].met)
        self.assertEqual(section.bars[0].spread, "9 – 10")
        figure.add(11.0, 0.5)  # the median is 9.5, the upper quartile above 10
        self.assertFalse(section.bars[0].met)
        self.assertIn("**no**", section.text())
        ratios = [0.8, 1.0, 1.2, 1.3]
        self.assertFalse(figures.Bar.of("it", ratios, 1.0, True).met, "the median alone reaches it")
        self.assertTrue(figures.Bar.of("it", ratios, 0.9, True).met)
        self.assertFalse(figures.Bar.of("it", ratios, 1.2, False).met)
        self.assertEqual(figures.Bar.of("it", ratios, 1.3, False, [0.5]).limit, "0.50 ×")


if __name__ == "__main__":
    os.environ.setdefault("MPLCONFIGDIR", tempfile.gettempdir())
    support.main()
