"""Names of files: safe, and such as the file system takes."""
import errno
import os

import pytest

from vitrine import __main__ as command
from vitrine import _receive


@pytest.mark.parametrize("name, safe", [
    ("-rf", "_rf"), (".hidden", "hidden"), (".-x", "_x"), ("../../etc", "_.._etc"), ("", "image"),
    ("a\u202eb\u061cc\x1b", "a_b_c_"),
])
def test_safe_names(name, safe):
    assert _receive.safe_name(name) == safe


@pytest.mark.parametrize("bad, number", [
    (lambda name: any(char in name for char in ':?*"<>|\\'), errno.EINVAL),
    (lambda name: len(name) > 143, errno.ENAMETOOLONG),
    (lambda name: not name.isascii(), errno.EILSEQ),
    (lambda name: not name.startswith("image"), errno.EPERM),
])
def test_a_name_that_is_refused_becomes_plainer(tmp_path, monkeypatch, bad, number):
    link = os.link

    def refusing(source, name, **more):
        if bad(name):
            raise OSError(number, os.strerror(number), name)
        link(source, name, **more)

    monkeypatch.setattr(os, "link", refusing)
    directory = os.open(tmp_path, os.O_PATH)
    for i, name in enumerate(("12:30?.txt", "é" * 70 + ".txt", "x" * 200 + ".txt", "con.txt")):
        source = tmp_path / f"{i}.source"
        source.write_text(name)
        given = _receive._link(str(source), directory, name)
        assert (tmp_path / given).read_text() == name
    os.close(directory)


def test_other_errors_stay(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "full")
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError) as caught:
        _receive._link("x", 0, "a.txt")
    assert caught.value.errno == errno.ENOSPC


def test_a_terminal_gets_nothing_to_obey(capsys):
    command.say("published", name="a\u202eb\x9bc\u061c")
    command.complain("a\u202eb", "c\x1b[2J")
    said = capsys.readouterr()
    assert said.out == 'published name="a\\x202eb\\x9bc\\x61c"\n'
    assert said.err == "vitrine: a\\x202eb: c\\x1b[2J\n"
