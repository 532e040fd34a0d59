#!/usr/bin/env python3
"""tests/README.md names every folder of sources and tests, and nothing that does not exist:
pages.py ROOT

A test is named as ctest names it (unit.decode, or unit.decode* for several), a folder as a label
(ipc) or by its path.
"""
import pathlib
import re
import sys


def folders(root):
    """The folders that the page must name: sources' and tests'."""
    found = ["decoder", "python"]
    for top in ("common", "producer", "consumer", "tools", "xray", "tests"):
        if top not in ("common", "tests"):
            found.append(top)
        found += [str(path.relative_to(root)) for path in sorted((root / top).iterdir())
                  if path.is_dir() and path.name != "__pycache__" and any(path.glob("*.[cp]*"))]
    return found


def exists(root, name):
    """True if `name`, as the page quotes it, is a test, a file or a folder."""
    if "/" in name or "." not in name:
        return (root / name).exists() or (root / "tests" / name).exists()
    folder, test = name.split(".", 1)
    text = "".join(path.read_text(encoding="utf-8")
                   for path in (*root.glob("tests/*/CMakeLists.txt"), root / "tests/CMakeLists.txt",
                                *root.glob("python/tests/CMakeLists.txt")))
    return (any((root / "tests" / folder).glob("test_%s.*" % test))
            or re.search(r"vitrine_test\(%s\.%s\b" % (folder, re.escape(test)), text) is not None)


def findings(root):
    """One line for each folder that the page leaves out, and each name that leads nowhere."""
    page = (root / "tests/README.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    first = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    found = ["%s: no row of tests/README.md" % folder
             for folder in folders(root) if folder not in first]
    names = {name for row in rows for cell in row.split("|")[1:3]
             for name in re.findall(r"`([^` ]+)`", cell)}
    found += ["tests/README.md: %s is not there" % name
              for name in sorted(names) if not exists(root, name)]
    return found


if __name__ == "__main__":
    FOUND = findings(pathlib.Path(sys.argv[1]))
    print("\n".join(FOUND) or "every folder has its tests on the page")
    sys.exit(1 if FOUND else 0)
