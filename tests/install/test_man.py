#!/usr/bin/env python3
"""The manual pages are complete and correct: they have every option, key, function, error and log
event, and no others; man reports no problems in them.
"""
import os
import re
import unittest

import support

PAGES = support.BUILD / "docs/man"
LOGGED = {"vitrine-producer.1": "producer", "vitrine-consumer.1": "consumer", "vitrine.1": "tools"}
# Where an event's name is a variable, these are what it may be.
NAMES = {"link.c": ("channel", "reopened")}
MAN = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "4000", "MANROFFSEQ": ""}


def setUpModule():
    support.need("man", "lexgrog")
    if not (PAGES / "vitrine.1").exists():
        raise unittest.SkipTest("there are no manual pages: scdoc is not here, or VITRINE_MAN=OFF")


def page(name):
    """A page as man shows it, with one line per paragraph."""
    return re.sub(r"(?<=\S) {2,}", "  ", support.run("man", "--nh", "--nj", "-l", PAGES / name,
                                                    env=MAN))


def indent(text):
    """How far a section's text is indented: 7 columns, or 5 by a newer groff."""
    return re.search(r"^NAME\n( +)", text, re.M)[1]


def entries(text):
    """The lines that head an entry: options, keys, functions, errors."""
    return re.findall(rf"^{indent(text)}(\S.*)$", text, re.M)


def page_of(name):
    return page(name[0] + ".1")


def fields_in(call):
    """The names of the LOG_…("name", …); a checksum's field is named after its kind."""
    fields = re.findall(r'LOG_[A-Z0-9]+\(\s*"([\w-]+)"', call)
    return fields + (["md5", "xxh3"] if "digest_name(" in call else [])


def logged_in(text, file):
    """{event: fields} of the log_event() and log_write() calls of a C source."""
    found = {}
    for call in re.findall(r"\blog_event\((.*?)\);", text, re.S):
        fields = fields_in(call)
        names = re.findall(r'"([\w-]+)"', call.partition("LOG_")[0]) or NAMES[file]
        for name in names:
            found.setdefault(name, set()).update(fields)
    for name, call in re.findall(r'LOG_STR\("event", "([\w-]+)"\),(.*?)\blog_write\(', text, re.S):
        found.setdefault(name, set()).update(fields_in(call))
    return found


def logged_by(folder, but=None):
    """`but`: skips the files whose names begin with this. live_report.c and published.c log for
    programs that send."""
    found = {}
    for file in sorted((support.SOURCE / folder).rglob("*.c")):
        if but is not None and file.name.startswith(but):
            continue
        for name, fields in logged_in(file.read_text(encoding="utf-8"), file.name).items():
            found.setdefault(name, set()).update(fields)
    return found


class Man(unittest.TestCase):
    def test_pages_are_clean(self):
        for file in sorted(PAGES.glob("*.[137]")):
            with self.subTest(file.name):
                said, warnings = support.run_both("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8",
                                                  "-Z", file, env={**MAN, "MANWIDTH": "80"})
                self.assertTrue(said.startswith("x T utf8"), said[:2000])
                self.assertEqual(warnings, "")
                _, warnings = support.run_both("man", "-l", file, env={**MAN, "LC_ALL": "C"})
                self.assertEqual(warnings, "")
                self.assertIn(file.stem, support.run("lexgrog", file))

    def test_every_option(self):
        for name, text in support.helps().items():
            shown = entries(page_of(name))
            for option in re.findall(r"^ {2,6}((?:-\w, )?--[\w-]+\S*)", text, re.M):
                self.assertIn(option, shown, " ".join(name))

    def test_no_other_option(self):
        for program in support.PROGRAMS:
            known = "".join(text for name, text in support.helps().items() if name[0] == program)
            known = re.findall(r"^ {2,6}((?:-\w, )?--[\w-]+\S*)", known, re.M)
            for option in entries(page_of((program,))):
                if option.startswith("-"):
                    self.assertIn(option, known, program)

    def test_every_key(self):
        for program in support.PROGRAMS[:2]:
            text = page_of((program,))
            shown = re.findall(rf"^{indent(text)}(\S.*)\n +(.*)$", text, re.M)
            table = support.helps()[(program,)].partition("Keys in the window:\n")[2]
            keys = re.findall(r"^  (\S.*?)  +(\S.*)$", table, re.M)
            self.assertGreater(len(keys), 10)
            for key in keys:
                self.assertIn(key, shown, program)

    def test_every_function_and_error(self):
        shown = entries(page("vitrine.3"))
        declared = {re.search(r"(\w+)\(", line)[1] for line in shown if line.endswith(");")}
        exported = support.run("nm", "-D", "--defined-only", support.BUILD / "libvitrine.so")
        functions = re.findall(r" T (\w+)", exported)
        self.assertIn("vitrine_abi", functions)
        links = {file.name.partition(".")[0] for file in (PAGES / "links").iterdir()}
        self.assertEqual(set(functions) | {"vitrine_open"}, links)  # which is inline
        self.assertEqual(links - declared, {"vitrine_info"})  # it is documented with its struct
        header = (support.SOURCE / "common/ipc/vitrine.h").read_text(encoding="utf-8")
        for error in re.findall(r"^\t(VITRINE_E\w+) = -", header, re.M):
            self.assertIn(error, shown)

    def test_every_event_of_the_log(self):
        """An event that is missing: write it into the page's LOG, docs/man/PROGRAM.1.scd (into
        docs/man/log.scd if all programs have it)."""
        for name, folder in LOGGED.items():
            text = page(name)
            log = re.search(r"^LOG\n(.*?)^\S", text, re.M | re.S)[1]
            told = {}
            for events, fields in re.findall(
                    rf"^{indent(text)}([a-z-]+(?:, [a-z-]+)*)((?: [a-z_0-9]+)*)$", log, re.M):
                for event in events.split(", "):
                    told[event] = set(fields.split())
            own = logged_by(folder)
            but = ("live", "published") if folder == "consumer" else None
            shared = logged_by("common", but=but)
            # The windows log whatever common/ logs.
            said = own | shared if folder != "tools" else own
            for event in said.keys() | told.keys():
                with self.subTest(name, event=event):
                    self.assertIn(event, told, "it is logged, and the page does not say so")
                    self.assertIn(event, own | shared, "nothing logs it")
                    self.assertEqual(told[event], own.get(event, set()) | shared.get(event, set()))


if __name__ == "__main__":
    unittest.main()
