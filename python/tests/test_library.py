"""The library: found, refused when it is another, its structs as C lays them out; types."""
import ctypes
import os
import re
import subprocess
import sys

import pytest
from conftest import BUILD, ROOT
from vitrine import _library

PEER = BUILD / "tests/python_peer"


def test_structs_are_laid_out_as_c_does():
    lines = subprocess.run([PEER, "layout"], capture_output=True, text=True, check=True).stdout
    names = {"slot_info": "SlotInfo"}
    for line in lines.splitlines():
        what, number = line.split()
        struct, _, field = what.partition(".")
        if what == "abi":
            assert _library.ABI == int(number)
            continue
        kind = getattr(_library, names.get(struct, struct.capitalize()))
        found = getattr(kind, field).offset if field else ctypes.sizeof(kind)
        assert (what, found) == (what, int(number))


def test_every_function_is_declared():
    header = (ROOT / "common/ipc/vitrine.h").read_text()
    declared = set(re.findall(r"^\w[\w ]*[ *](vitrine_\w+)\(", header, re.MULTILINE))
    unused = {"vitrine_inspect_values", "vitrine_look", "vitrine_next", "vitrine_semaphore_name",
              "vitrine_remove", "vitrine_abi", "vitrine_open", "vitrine_version", "vitrine_wake",
              "vitrine_list", "vitrine_age_ns", "vitrine_observer", "vitrine_visitor"}
    assert declared - unused == set(_library._FUNCTIONS)


def import_with(**environment):
    return subprocess.run([sys.executable, "-c", "import vitrine"], capture_output=True, text=True,
                          env={**os.environ, **environment})


@pytest.mark.parametrize("library, words", [
    ("/no/such/library.so", ("cannot be loaded", "/no/such/library.so", "VITRINE_LIBRARY")),
    (str(BUILD / "tests/libpython_other_abi.so"), ("ABI 999", "ABI 2")),
    ("libc.so.6", ("libc.so.6 is not libvitrine",)),
])
def test_a_wrong_library_is_refused(library, words):
    done = import_with(VITRINE_LIBRARY=library)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ") and all(word in last for word in words)


def test_a_soname_is_found_where_the_system_looks():
    done = import_with(VITRINE_LIBRARY="", LD_LIBRARY_PATH=str(BUILD))
    assert (done.returncode, done.stderr) == (0, "")


def test_types():
    pytest.importorskip("mypy", reason="not installed: mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", os.devnull],
                          cwd=ROOT / "python", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_import_needs_neither_numpy_nor_pillow(key):
    code = ("import sys; sys.modules['numpy'] = sys.modules['PIL'] = None\n"
            f"import vitrine; K = {key}\n"
            "p, c = vitrine.Producer(K), vitrine.Consumer(K, timeout=5)\n"
            "view = memoryview(bytes(range(24)))\n"
            "p.publish(view.cast('B', (2, 3, 4))); p.publish(view.cast('B', (2, 4, 3)))\n"
            "p.publish(b'GIF89a not decoded here')\n"
            "with c.take() as i: assert bytes(i.data) == bytes(range(24)), bytes(i.data)\n"
            "with c.take() as i: assert bytes(i.data) == bytes(range(24)), bytes(i.data)\n"
            "with c.take() as i: assert i.info.media_type == 'image/gif', i.info\n"
            "try: p.publish(memoryview(bytes(24)).cast('H', (3, 4)))\n"
            "except ValueError as e: assert 'NumPy' in str(e)\n"
            "c.close(), p.close()\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
