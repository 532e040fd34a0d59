#!/usr/bin/env python3
"""Runs the module's tests with pytest: run.py module|screen [PYTEST-OPTION]...

module: all that needs no screen; screen: what is looked at under Xvfb. Without pytest the exit
status is 77, skipped. VITRINE_BUILD names the build folder (build/release).
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main(part, *options):
    try:
        import pytest
    except ImportError:
        print("not installed: pytest (script/bootstrap test)")
        return 77
    files = [str(path) for path in HERE.glob("test_*.py")
             if (path.name == "test_screen.py") == (part == "screen")]
    status = pytest.main(["-q", "-rs", "-p", "no:cacheprovider", f"--rootdir={HERE.parent}",
                          *options, *files])
    return 77 if status == pytest.ExitCode.NO_TESTS_COLLECTED else int(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
