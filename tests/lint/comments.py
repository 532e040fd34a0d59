#!/usr/bin/env python3
"""No comment is wider than 100 columns. clang-format leaves comments as they are (ReflowComments), because
it would join the lines of lists and of commands. Commands, which begin with a tab, may be longer."""
import pathlib
import re
import sys

WIDEST = 100
COMMAND = re.compile(r"^ \*\t")
COMMENT = re.compile(r'^\s*\*|/\*(?![^"]*"[^"]*$)')


def found(text):
    """The numbers of the lines whose comment is too wide."""
    return [number for number, line in enumerate(text.split("\n"), 1)
            if len(line.expandtabs(8)) > WIDEST and COMMENT.search(line)
            and not COMMAND.match(line)]


# What it must find, and what it must let pass.
assert found(" * " + "word " * 20 + "\n\tint a; /* " + "x" * 80 + " */") == [1, 2]
assert found("/*\n *\t" + "cc -o word " * 20 + "\n */\nsay(\"/* " + "x" * 100 + "\");") == []

wrong = ["%s:%d" % (name, line) for name in sys.argv[1:]
         for line in found(pathlib.Path(name).read_text(encoding="utf-8"))]
for place in wrong:
    print("%s: a comment of more than %d columns" % (place, WIDEST))
sys.exit(1 if wrong else 0)
