"""Runs a vitrine program on a desktop: its window, its log, its end."""
import os
import pathlib
import re
import subprocess
import time

from desktop import PATIENCE, wait_for


class Program:
    """A vitrine program that runs on the desktop, and what it has logged."""

    def __init__(self, desktop, path, arguments, log, **more):
        """Starts the program; its output goes to the file `log`, its errors to another file beside
        it."""
        self.desktop, self.name = desktop, pathlib.Path(path).name
        self.output, self.errors = log, log.with_suffix(".err")
        log.write_bytes(b"")
        self.errors.write_bytes(b"")
        self.process = desktop.start([path, *arguments], output=log, errors=self.errors, **more)
        self.pid = self.process.pid
        self.read = 0  # bytes of the log that wait() has read

    @property
    def running(self):
        return self.process.poll() is None

    def rests(self, seconds=0.5):
        """True if the program uses less than a fifth of a processor for this long."""
        before = self.processor_seconds()
        time.sleep(seconds)
        return self.processor_seconds() - before < seconds / 5

    def processor_seconds(self):
        """The processor time that the program has used so far."""
        fields = pathlib.Path("/proc/%d/stat" % self.pid).read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def events(self, kind, /, start=0, **fields):
        """The log's events of this kind that have (at least) these fields."""
        log = self.output.read_bytes()[start:]
        lines = log[:log.rfind(b"\n") + 1].splitlines(keepends=True)
        for line in lines:
            start += len(line)
            event = parse_event(line)
            if event["event"] == kind and all(event.get(k) == str(v) for k, v in fields.items()):
                event["end"] = start
                yield event

    def wait(self, kind, /, **fields):
        """Waits for the first such event after the previous wait() and returns it."""
        def look():
            return next(self.events(kind, self.read, **fields), None)
        event = wait_for(lambda: look() or not self.running)
        if event is True:
            event = look()
        if not event:
            raise AssertionError("%s: no event %s %s; it is %s; it said:\n%s%s" % (
                self.name, kind, fields, "there" if self.running else "gone",
                self.output.read_text(errors="replace")[-3000:], self.said()))
        self.read = event["end"]
        return event

    def wait_all(self, kind, field, values):
        """Waits until there was an event for each of the values, in any order."""
        values = {str(value) for value in values}

        def missing():
            return values - {event.get(field) for event in self.events(kind)}
        if not wait_for(lambda: not missing() or not self.running) or missing():
            raise AssertionError("%s: no event %s %s=%s; it said:\n%s" % (
                self.name, kind, field, missing(), self.said()))

    def said(self):
        """What the program wrote to standard error."""
        return self.errors.read_text(errors="replace")

    def wait_said(self, *words):
        if not wait_for(lambda: all(word in self.said() for word in words)):
            raise AssertionError("%s: %r is not in its errors:\n%s" % (
                self.name, words, self.said()))

    def wait_exit(self, status=0):
        try:
            got = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError("%s does not end" % self.name)
        self.desktop.processes.remove(self.process)
        if got != status:
            raise AssertionError("%s ended with %d, not %d:\n%s" % (
                self.name, got, status, self.said()))


class Window(Program):
    """A program whose window is open; at 100 % if the test looks for exact pixels (`exact`)."""

    def __init__(self, *arguments, exact=True, **more):
        super().__init__(*arguments, **more)
        self.window = self.desktop.find_window(self.pid)
        if not self.window:
            raise AssertionError("%s shows no window:\n%s" % (self.name, self.said()))
        self.desktop.activate(self.window)  # otherwise it may get the keyboard only later
        self.wait("channel")
        self.read = 0
        if exact:
            self.key("1")  # for this and all later images

    def key(self, *keys):
        self.desktop.key(self.window, *keys)

    def screenshot(self):
        return self.desktop.screenshot(self.window)

    def pixel(self, x, y):
        return self.desktop.screenshot(self.window, (x, y, 1, 1)).pixel(0, 0)

    def wait_shows(self, image):
        """Waits until the window shows exactly the pixels of the image, at any position."""
        self.desktop.activate(self.window)
        if not wait_for(lambda: self.screenshot().find(image)):
            raise AssertionError("%s does not show the image" % self.name)

    def shows(self, image):
        self.desktop.activate(self.window)
        return self.screenshot().find(image) is not None

    def close(self, status=0, asks=False):
        """Presses the close button, again if the program asks whether to quit, and waits for its
        end."""
        for _ in range(1 + asks):
            self.desktop.close_window(self.window)
        self.wait_exit(status)


def parse_event(line):
    """{"event": name, key: value…} of a log line; quoted values are unquoted."""
    def unescape(match):
        code = match.group(1)
        if len(code) > 1:
            return bytes.fromhex(code[1:]).decode(errors="surrogateescape")
        return {"n": "\n"}.get(code, code)
    text = line.decode(errors="surrogateescape")
    name, _, rest = text.partition(" ")
    fields = {"event": name.strip()}
    for key, quoted, bare in re.findall(r'([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))', rest):
        fields[key] = re.sub(r"\\(x..|.)", unescape, quoted) if quoted else bare
    return fields
