"""vitrine bench and the programs of bench/ run, and their output is plausible. Speed is not tested
here: script/bench measures it on a quiet machine. Builds with a sanitizer lack bench/."""
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

SHORT = ("--seconds", "0.01", "--size", "64x64")
RACE = support.BUILD / "bench/bench-race"
DOUBLE = support.BUILD / "tests/libpeer_double.so"
GROWTH = support.BUILD / "bench/bench-growth"


def processes_named(pid):
    """The objects of the run with this pid: its POSIX object, its folders, and its System V
    objects."""
    found = [str(path) for path in pathlib.Path("/dev/shm").glob("vitrine-bench-%d*" % pid)]
    return found + list(support.ipc_objects(0x77010000 | pid & 0xffff).items())


class BenchTest(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.environment["TMPDIR"] = str(self.temporary)

    def measured(self, process, status=0):
        """Waits for its end, and checks that it leaves nothing behind."""
        self.finish(process, status)
        self.assertEqual(processes_named(process.pid), [])
        self.assertEqual(list(self.temporary.iterdir()), [])
        return process.log.read_text(), process.errors.read_text()

    def interrupted(self, process):
        self.assertTrue(support.wait_for(lambda: support.ipc_objects(
            0x77010000 | process.pid & 0xffff)), "it never began")
        process.send_signal(signal.SIGINT)
        _, errors = self.measured(process, 1)
        self.assertIn("no measurement was completed", errors)


class Bench(BenchTest):
    def test_table(self):
        text, _ = self.measured(self.start("bench", *SHORT, "--size", "16K"))
        for size in ("64x64", "16K, 64 × 64"):
            rows = text.partition("\n%s\n" % size)[2]
            for way in ("copied", "in place"):
                row = re.search(r"^  %s +(\d+) +[\d.]+ +[\d.]+-[\d.]+$" % way, rows, re.M)
                self.assertTrue(row and int(row[1]) > 0, text)
            wakeup = re.search(r"has the image ([\d.]+) us after it is published", rows)
            self.assertGreater(float(wakeup[1]), 0)
        limits = re.search(r"one semop ([\d.]+) us, all semops of a frame ([\d.]+)", text)
        self.assertGreater(float(limits[2]), float(limits[1]))
        self.assertIn("Other processes used", text)

    def test_a_channel_with_its_key(self):
        """The shell's pid, and with it the key, is kept by exec. The channel is not touched."""
        script = ('export VITRINE_KEY=$(printf 0x7701%04x $(($$ & 0xffff)))\n'
                  '"$1" send "$2" && exec "$1" bench --seconds 0.01 --size 64x64')
        picture = self.file("a.txt", content=b"it waits")
        done = subprocess.run(["sh", "-c", script, "sh", support.BUILD / "vitrine", picture],
                              env=self.environment, capture_output=True, text=True, timeout=60)
        key = re.search(r"0x7701[0-9a-f]{4}", done.stderr)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(key[0] + ": another channel has this key", done.stderr)
        self.environment["VITRINE_KEY"] = key[0]
        self.run_tool("recv", "-o", self.inbox)
        self.assertEqual((self.inbox / "a.txt").read_bytes(), b"it waits")
        self.run_tool("clean")

    def test_a_killed_consumer(self):
        process = self.start("bench", "--seconds", "30", "--size", "64x64")
        children = pathlib.Path("/proc/%d/task/%d/children" % (process.pid, process.pid))
        self.assertTrue(support.wait_for(lambda: support.ipc_objects(
            0x77010000 | process.pid & 0xffff) and children.read_text().strip()))
        os.kill(int(children.read_text()), signal.SIGKILL)
        _, errors = self.measured(process, 1)
        self.assertIn("cannot measure", errors)

    def test_wrong_usage(self):
        for option, value in (("--size", "3x3"), ("--size", "large"), ("--seconds", "soon"),
                              ("--seconds", "0")):
            with self.subTest(option=option, value=value):
                _, errors = self.run_tool("bench", option, value, status=2)
                self.assertIn("%s %s: give" % (option, value), errors)

    def test_an_end_by_signal(self):
        self.interrupted(self.start("bench", "--seconds", "30", "--size", "64x64"))


@unittest.skipUnless(RACE.exists(), "bench-race is not built")
class Race(BenchTest):
    """bench-race, of which script/bench makes docs/performance.md."""
    command = RACE

    def race(self, *arguments, status=0):
        return self.measured(self.start("--rounds", "1", *SHORT, *arguments), status)

    def entries(self, *arguments):
        found = json.loads(self.race("--json", *arguments)[0])
        return {(entry["peer"], entry["way"]): entry for entry in found["sizes"][0]["entries"]}

    def test_table(self):
        text, _ = self.race()
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
        for mode, reason in (("torn", "frame 3 is incomplete"), ("dies", "this is the end"),
                             ("bus", "killed by SIGBUS.*/dev/shm")):
            if mode == "bus" and support.SANITIZED:
                continue  # AddressSanitizer catches the signal and exits
            with self.subTest(mode):
                self.environment["VITRINE_PEER"] = mode
                text, _ = self.race("--peer", DOUBLE)
                self.assertRegex(text, "a FIFO +copied +left out: .*" + reason)

    def test_what_is_no_peer(self):
        path = self.file("no.so")
        _, errors = self.race("--peer", path, status=1)
        self.assertIn("no.so", errors)

    def test_wrong_usage(self):
        for option, value in (("--rounds", "0"), ("--rounds", "26"), ("--size", "3x3")):
            with self.subTest(option=option, value=value):
                _, errors = self.run_tool(option, value, status=2)
                self.assertIn("%s %s: give" % (option, value), errors)

    def test_an_end_by_signal(self):
        self.interrupted(self.start("--seconds", "30", "--size", "64x64"))

    @unittest.skipUnless(GROWTH.exists(), "bench-growth is not built")
    def test_growth(self):
        output = subprocess.run([GROWTH, "8", "4096", "2", "2", "1", "2", "1", "0.02"], timeout=60,
                                stdout=subprocess.PIPE, text=True, check=True).stdout
        fields = dict(re.findall(r"(\w+)=([\d.]+)", output))
        for name in ("published", "taken", "seen", "cpu_us", "total"):
            self.assertGreater(float(fields[name]), 0, name)

    def test_page(self):
        """Makes the tables of docs/performance.md from the output of bench-race."""
        try:
            import figures
            import plots
            import races
        except ModuleNotFoundError as missing:
            self.skipTest("not installed: python3-%s" % missing.name)
        found = json.loads(self.race("--json", "--peer", DOUBLE)[0])
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
