#!/usr/bin/env python3
"""Each name in the source leads to one place: names.py ROOT

An include guard is made of the folder and the file (VITRINE_IMAGE_LOADER_H in common/image/loader.h),
no two files share a name, no two files define a function of one name that other files can call, and
no two headers a struct or an enum of one name. A producer and a consumer are two programs, but a
reader, ctags and gdb search both.

An example is copied out of this tree, and a benchmark is a program by itself: theirs are only the
names of files.
"""
import collections
import pathlib
import re
import sys

FOLDERS = ("common", "decoder", "producer", "consumer", "xray", "tools")
PROGRAMS = ("bench", "examples")
TWICE = {
    "main.c", "main",  # one a program
    "producer.c", "consumer.c",  # examples/textbook has the programs of textbooks, by their names
}
FUNCTION = re.compile(r"^(?!static\b|typedef\b|extern\b|return\b|else\b)"
                      r"[A-Za-z_][\w ]*[ *]+(\w+)\([^;{}]*\)\s*\{", re.M)
TAG = re.compile(r"^\s*(?:typedef )?(?:struct|enum) (\w+)\s*\{", re.M)


def guard(path):
    """The guard of the header at `path`, seen from the root."""
    room = path.parts[1] if path.parts[0] == "common" else path.parts[0]
    if path.name == "vitrine.h":
        return "VITRINE_H"  # the only one that is installed
    return "VITRINE_%s_%s_H" % (room.upper(), path.stem.upper())


def functions(text):
    """The functions that the source `text` defines for other files."""
    return FUNCTION.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def tags(text):
    """The structs and enums that the header `text` defines."""
    return TAG.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def findings(root, paths):
    """One line for each name that leads to two places, or to none."""
    found = []
    files = collections.defaultdict(set)
    names = collections.defaultdict(set)
    types = collections.defaultdict(set)
    for path in paths:
        text = (root / path).read_text(encoding="utf-8")
        files[path.name].add(str(path))
        if path.parts[0] in PROGRAMS:
            continue
        if path.suffix == ".h":
            if not re.search(r"^#ifndef %s\n#define %s$" % ((guard(path),) * 2), text, re.M):
                found.append("%s: the include guard is not %s" % (path, guard(path)))
            for name in tags(text):
                types[name].add(str(path))
        else:
            for name in functions(text):
                names[name].add(str(path))
    for kind, table in (("files", files), ("functions", names), ("structs or enums", types)):
        found += ["two %s of the name %s: %s" % (kind, name, ", ".join(sorted(where)))
                  for name, where in table.items() if len(where) > 1 and name not in TWICE]
    return found


# Examples that it must find, and examples that it must accept.
assert functions("int a(void)\n{\n}\nstatic int b(void)\n{\n}\nstruct x *c(int i,\n\tint j)\n{\n") == ["a", "c"]
assert tags("struct a {\n\tstruct b {\n\t} b;\n\tstruct c *c;\n};\nenum d { E };\nstruct e;\n") == ["a", "b", "d"]
assert guard(pathlib.PurePath("producer/tray/tray.h")) == "VITRINE_PRODUCER_TRAY_H"

if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv[1])
    LISTED = sorted(path.relative_to(ROOT) for folder in (*FOLDERS, *PROGRAMS)
                    for path in (ROOT / folder).rglob("*.[ch]"))
    FOUND = findings(ROOT, LISTED)
    print("\n".join(FOUND) or "%d files, each with a name of its own" % len(LISTED))
    sys.exit(1 if FOUND or not LISTED else 0)
