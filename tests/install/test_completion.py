#!/usr/bin/env python3
"""The completion in bash offers what the programs take, and nothing else."""
import os
import pathlib
import re
import subprocess
import unittest

import support

SCRIPT = support.SOURCE / "packaging/vitrine.bash"
ASK = """
compopt() { :; }
source "$0"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_vitrine
(($? > 1)) || printf '%s\\n' "${COMPREPLY[@]}"
"""


class Completion(support.Case):
    def offered(self, *words):
        """The completions of the last word; --option=value is split into three words, as bash
        does."""
        cut = [part for word in words for part in (re.split("(=)", word) if word[:1] == "-"
                                                   else [word]) if part or word == ""]
        done = subprocess.run(["bash", "-c", ASK, SCRIPT, *cut], text=True, check=True,
                              stdout=subprocess.PIPE, cwd=self.folder, env={
                                  **self.env, "PATH": f"{support.BUILD}:{os.environ['PATH']}"})
        return sorted(filter(None, done.stdout.split("\n")))

    def setUp(self):
        super().setUp()
        (self.folder / "a picture.png").touch()
        (self.folder / "folder").mkdir()

    def test_commands(self):
        self.assertEqual(self.offered("vitrine", ""),
                         sorted(support.subcommands() + ["--help", "--version"]))
        self.assertEqual(self.offered("vitrine", "se"), ["send"])

    def test_every_option(self):
        for name, text in support.helps().items():
            with self.subTest(" ".join(name)):
                options = re.findall(r"^ {2,6}(?:-\w, )?(--[\w-]+=?)", text, re.M)
                self.assertGreaterEqual(len(options), 4)
                self.assertEqual(self.offered(*name, "-"), sorted(set(options)))

    def test_words_that_an_option_takes(self):
        for option, argument in (("--when-full", ["drop-oldest", "wait"]),
                                 ("--checksum", ["md5", "xxh3"])):
            for words in ([option, ""], [f"{option}="]):
                self.assertEqual(self.offered("vitrine-producer", *words), argument)
        self.assertEqual(self.offered("vitrine", "send", "--when-full=f"), ["fail"])
        self.assertEqual(self.offered("vitrine", "send", "--checksum="), ["md5", "xxh3"])
        self.assertEqual(self.offered("vitrine", "recv", "--name=n"), ["numbered"])
        self.assertEqual(self.offered("vitrine", "send", "--timeout="), [])
        self.assertEqual(self.offered("vitrine-producer", "--step="), ["all", "transitions"])
        self.assertEqual(self.offered("vitrine-producer", "--step", "a"), ["a picture.png"])

    def test_files_and_folders(self):
        both = ["a picture.png", "folder"]
        self.assertEqual(self.offered("vitrine-producer", ""), both)
        self.assertEqual(self.offered("vitrine-producer", "--full-screen", "a"), both[:1])
        self.assertEqual(self.offered("vitrine-producer", "--watch", ""), both[1:])
        self.assertEqual(self.offered("vitrine-producer", "-w", ""), both[1:])
        self.assertEqual(self.offered("vitrine", "send", ""), both)
        self.assertEqual(self.offered("vitrine", "recv", "-o", ""), both[1:])
        self.assertEqual(self.offered("vitrine", "recv", ""), both[1:])
        self.assertEqual(self.offered("vitrine", "status", ""), [])

    def test_lessons(self):
        self.assertEqual(self.offered("vitrine", "lesson", ""), sorted(str(number) for number in range(1, 15)))

    def test_words_in_quotes_are_taken(self):
        """The words that the help has in quotes, and that are offered, are not usage errors."""
        for command in (["send", "--when-full", "--checksum"], ["recv", "--name"]):
            for option in command[1:]:
                for word in self.offered("vitrine", command[0], option, ""):
                    with self.subTest(option, word=word):
                        support.run(support.BUILD / "vitrine", command[0], option, word, "--help")


if __name__ == "__main__":
    unittest.main()
