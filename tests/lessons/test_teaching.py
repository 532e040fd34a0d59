#!/usr/bin/env python3
"""The folder for teachers: each lesson has its sheet and its answer, links lead somewhere, the grader
of the assignment tells right from wrong.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/tools"))
import page  # noqa: E402
import support  # noqa: E402
from ipc_namespace import own_ipc_namespace  # noqa: E402
from support import VITRINE  # noqa: E402

TEACHING = SOURCE / "docs/teaching"
SOLUTION = SOURCE / "tests/lessons/print_queue.c"


class Pages(unittest.TestCase):
    def test_each_lesson_has_a_sheet(self):
        for lesson in page.PAGES.glob("[0-9]*.md"):
            with self.subTest(lesson.name):
                title = lesson.read_text().splitlines()[0].removeprefix("# ")
                sheet = (TEACHING / lesson.name).read_text()
                self.assertIn(title, sheet.splitlines()[0])
                self.assertEqual(re.findall(r"^## (.*)$", sheet, re.M),
                                 ["Before", "Minutes", "Ask", "What they will believe",
                                  "If it fails"])
                minutes = [(int(start), int(end)) for start, end in
                           re.findall(r"^\| (\d+)–(\d+) \|", sheet, re.M)]
                self.assertEqual([start for start, _ in minutes[1:]],
                                 [end for _, end in minutes[:-1]])
                self.assertEqual((minutes[0][0], minutes[-1][1]), (0, 45))

    def test_the_programs_that_are_named_exist(self):
        sources = {file.name for file in (SOURCE / "examples/lessons").glob("[01]*.c")}
        for path in [*page.PAGES.glob("*.md"), *TEACHING.glob("*.md")]:
            text = path.read_text()
            # "13-replies" and "06-*.c" are families; "1-one-image" is a page.
            for name in re.findall(r"(?<![\w/-])(\d\d-[a-z-]+\w)(?![\w-]*\.(?:md|png))", text):
                self.assertTrue([source for source in sources if source.startswith(name)],
                                "%s: %s" % (path.name, name))
            for name in re.findall(r"`(\S+) \\?\| more -1`", text):
                self.assertIn(name + ".c", sources, path.name)

    def test_outputs_fit_a_projector_and_paper(self):
        """Large text on 1024 pixels has 80 columns, and so has the paper."""
        for path in page.PAGES.glob("*.md"):
            for block in re.findall(r"^```\n(.*?)^```", path.read_text(), re.M | re.S):
                for line in block.splitlines():
                    self.assertLessEqual(len(line), 80, path.name + ": " + line)

    def test_each_exercise_has_an_answer(self):
        titles = [lesson.read_text().splitlines()[0].removeprefix("# ") for lesson in
                  sorted(page.PAGES.glob("[0-9]*.md"), key=lambda file: int(
                      file.name.split("-")[0]))]
        answers = (TEACHING / "answers.md").read_text()
        self.assertEqual(re.findall(r"^## (.*)$", answers, re.M), titles)
        for title in titles:
            self.assertIn("\n## Exercise\n", page.text(int(title.split(".")[0])))

    def test_links_lead_somewhere(self):
        for path in TEACHING.glob("*.md"):
            for link in re.findall(r"\]\(([^)]+)\)", path.read_text()):
                file, _, heading = link.partition("#")
                target = path.parent / file if file else path
                self.assertTrue(target.exists(), "%s: %s" % (path.name, link))
                if heading:
                    headings = re.findall(r"^#+ (.*)$", target.read_text(), re.M)
                    self.assertIn(heading, [each.lower().replace(" ", "-") for each in headings],
                                  "%s: %s" % (path.name, link))


class Grade(unittest.TestCase):
    MISTAKES = {
        "deadlock": ("\tchange(EMPTY, -1);\n\tchange(MUTEX, -1);\n",
                     "\tchange(MUTEX, -1);\n\tchange(EMPTY, -1);\n"),
        "sleeps": ("\tchange(MUTEX, 1);\n\tchange(FULL, 1);\n", "\tchange(MUTEX, 1);\n"),
        "left": ("\tsemctl(set, 0, IPC_RMID);\n", ""),
        "bound": ("change(EMPTY, SLOTS)", "change(EMPTY, SLOTS + 1)"),
    }

    @unittest.skipIf(support.SANITIZED, "what vitrine check runs is built here, without sanitizers")
    def test_right_and_wrong_solutions(self):
        text = SOLUTION.read_text()
        with tempfile.TemporaryDirectory() as folder:
            students = {"right": text, "broken": "int main(void) { return x; }\n"}
            for kind, (right, wrong) in self.MISTAKES.items():
                self.assertEqual(text.count(right), 1, kind)
                students[kind] = text.replace(right, wrong)
            for name, source in students.items():
                (pathlib.Path(folder) / name).mkdir()
                (pathlib.Path(folder) / name / "print_queue.c").write_text(source)
            (pathlib.Path(folder) / "absent").mkdir()
            done = subprocess.run([TEACHING / "grade", folder], capture_output=True, text=True,
                                  env={**os.environ, "VITRINE": VITRINE}, timeout=170)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for kind in ("sem", "shm", "msg"):  # the first line is a heading
            left = pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
            self.assertEqual(left, [], "a student's program has left objects")
        marks = {name: (int(points), reason) for points, name, reason in
                 re.findall(r"^ *(\d+)  (\S+) +(.*)$", done.stdout, re.M)}
        self.assertEqual(marks["right"], (10, ""))
        self.assertEqual(marks["absent"], (0, "there is no print_queue.c"))
        self.assertEqual(marks["broken"][0], 0)
        for kind in self.MISTAKES:
            said = marks[kind][1].split(":")[0]
            # Without V(full) the printer sleeps for ever, and soon the other process does, too.
            self.assertIn(said, ("sleeps", "deadlock") if kind == "sleeps" else (kind,))
            self.assertLessEqual(marks[kind][0], 4)

    def test_wrong_usage(self):
        for arguments in ([], ["/nowhere"], ["/tmp", "/tmp"]):
            done = subprocess.run([TEACHING / "grade", *arguments], capture_output=True)
            self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    own_ipc_namespace()
    support.main()
