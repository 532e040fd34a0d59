#!/usr/bin/env python3
"""One version everywhere: version.py ROOT VERSION

VERSION is CMake's. The Python module has the same; examples ask for its minor version; CHANGELOG.md has a section for it, or names it as
the one that Unreleased becomes; and the library's map has a section for each minor version that
brought a function.
"""
import pathlib
import re
import sys


def findings(root, version):
    """One line for each place that disagrees."""
    found = []

    def holds(path, pattern):
        text = (root / path).read_text(encoding="utf-8")
        if not re.search(pattern, text, re.M):
            found.append("%s: nothing there says %s (%s)" % (path, version, pattern))

    plain = re.escape(version)
    holds("python/pyproject.toml", r'^version = "%s"$' % plain)
    holds("python/vitrine/__init__.py", r'^__version__ = "%s"$' % plain)
    holds("examples/CMakeLists.txt", r"find_package\(vitrine %s REQUIRED\)" % re.escape(version.rsplit(".", 1)[0]))
    holds("CHANGELOG.md", r"^## \[%s\] - \d{4}-\d\d-\d\d$|^Becomes %s, tag `v%s`\.$" % ((plain,) * 3))
    minor = tuple(map(int, version.split(".")[:2]))
    for section in re.findall(r"VITRINE_(\d+)\.(\d+) \{",
                              (root / "common/ipc/vitrine.map").read_text(encoding="utf-8")):
        if tuple(map(int, section)) > minor:
            found.append("vitrine.map: section %s.%s is later than %s" % (*section, version))
    return found


if __name__ == "__main__":
    FOUND = findings(pathlib.Path(sys.argv[1]), sys.argv[2])
    print("\n".join(FOUND) or "version %s" % sys.argv[2])
    sys.exit(1 if FOUND else 0)
