#!/usr/bin/env python3
"""The pages and sheets can be printed, in each language; a sheet is one sheet of paper."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Handouts(unittest.TestCase):
    def setUp(self):
        if not all(map(shutil.which, ("pandoc", "weasyprint", "po4a", "pdfinfo"))):
            self.skipTest("not installed: pandoc, weasyprint, po4a, poppler-utils")

    def handouts(self, folder, *words):
        """{name: number of pages} of the files that are made."""
        done = subprocess.run([SOURCE / "script/handouts", *words], capture_output=True, text=True,
                              timeout=170)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {file.name: int(re.search(
            r"Pages: +(\d+)", subprocess.run(["pdfinfo", file], capture_output=True, text=True,
                                             check=True).stdout)[1])
                for file in pathlib.Path(folder).glob("*.pdf")}

    def test_two_pages_are_printed(self):
        pages = ["docs/lessons/13-queues.md", "docs/teaching/13-queues.md"]
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.handouts(folder, folder, *pages),
                             {"lessons-13-queues.pdf": 1, "teaching-13-queues.pdf": 1})

    def test_the_longest_sheets_fit_one_page(self):
        sheets = (SOURCE / "docs/teaching").glob("[0-9]*.md")
        longest = sorted(sheets, key=lambda sheet: sheet.stat().st_size)[-2:]
        for words in ([], *(["--language", path.stem] for path in (SOURCE / "po").glob("*.po"))):
            with self.subTest(words), tempfile.TemporaryDirectory() as folder:
                place = pathlib.Path("docs/teaching", *words[1:])
                pages = [place / sheet.name for sheet in longest]
                self.assertEqual(self.handouts(folder, *words, folder, *pages),
                                 {"teaching-%s.pdf" % sheet.stem: 1 for sheet in longest})


if __name__ == "__main__":
    unittest.main()
