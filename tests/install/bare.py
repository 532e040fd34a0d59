"""A root with the files of few packages, of those that this machine has, and no others: what
a package needs and does not depend on is missing there. Nothing is downloaded.

Programs run there by chroot: as root, else in a user namespace of their own.
"""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import support

ADMINISTRATION = pathlib.Path("/var/lib/dpkg")
USER = 65533  # the ordinary user there, if it is root who tests
HOME = "/home/newcomer"
# /proc of the new PID namespace; /dev and the X server's sockets as they are here.
ENTER = """
set -e
mount --rbind /dev "$0/dev"
mount -t proc proc "$0/proc"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"; fi
exec "$@"
"""


def stanzas():
    """{name: its part of dpkg's status}, of the installed packages of this architecture."""
    native = support.run("dpkg", "--print-architecture").strip()
    found = {}
    for text in (ADMINISTRATION / "status").read_text(encoding="utf-8").split("\n\n"):
        fields = dict(re.findall(r"^([\w-]+): (.*)$", text, re.M))
        if (fields.get("Status", "").endswith(" installed")
                and fields["Architecture"] in (native, "all")):
            found[fields["Package"]] = text
    return found


def closure(names):
    """The named packages and their dependencies."""
    said = support.run("apt-cache", "depends", "--recurse", "--installed", "--important",
                       "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks",
                       "--no-replaces", "--no-enhances", *names)
    return {line for line in said.splitlines() if line[:1] not in " |<"}


class Root:
    """A root in `folder`, with the essential packages and what `depends` (as in a package's field)
    names. SkipTest if programs cannot run in one here."""

    def __init__(self, folder, depends):
        support.need("apt-cache", "chroot", "unshare", "tar")
        self.path = folder
        installed = stanzas()
        wanted = [name for name, text in installed.items() if "\nEssential: yes" in text]
        wanted += [name for name in re.findall(r"(?:^|[,|] *)([\w.+-]+)", depends)
                   if name in installed]
        self.names = closure(wanted) & installed.keys()
        self.unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        self.user = []
        if os.geteuid() == 0:
            self.user = [f"--userspec={USER}:{USER}"]
        else:
            self.unshare.append("--map-root-user")
        self._copy()
        self._administer(installed)
        try:
            self.run("true")
        except AssertionError as failure:
            raise unittest.SkipTest(f"no program runs in a root of its own here: {failure}")
        self.run("ldconfig")

    def _copy(self):
        listed = support.run("dpkg", "-L", *sorted(self.names)).splitlines()
        files = {os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))
                 for file in listed if file.startswith("/") and os.path.lexists(file)}
        links = ("/bin", "/sbin", "/lib", "/lib64")
        files |= {link for link in links if os.path.islink(link)}
        files |= {"/etc/passwd", "/etc/group"}
        files.discard("/.")
        with subprocess.Popen(["tar", "--create", "--no-recursion", "--null", "--files-from=-",
                               "--ignore-failed-read", "--warning=no-failed-read",
                               "--absolute-names"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as pack:
            with subprocess.Popen(["tar", "--extract", "--directory", self.path],
                                  stdin=pack.stdout, stderr=subprocess.DEVNULL) as unpack:
                pack.stdout.close()
                pack.stdin.write("\0".join(sorted(files)).encode())
                pack.stdin.close()
        assert pack.returncode == unpack.returncode == 0
        for name in ("dev", "proc", "tmp/.X11-unix", HOME.lstrip("/")):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o755)  # a temporary folder is its maker's only
        (self.path / "tmp").chmod(0o1777)
        if self.user:
            os.chown(self.path / HOME.lstrip("/"), USER, USER)

    def _administer(self, installed):
        """Writes what dpkg knows there."""
        there = self.path / ADMINISTRATION.relative_to("/")
        for name in ("info", "updates", "triggers"):
            (there / name).mkdir(parents=True, exist_ok=True)
        (there / "status").write_text("\n\n".join(installed[name] for name in sorted(self.names))
                                      + "\n\n", encoding="utf-8")
        for file in (ADMINISTRATION / "info").iterdir():
            if re.split(r":|\.\w+$", file.name)[0] in self.names | {"format"}:
                shutil.copy(file, there / "info")
        for file in (ADMINISTRATION / "triggers").iterdir():
            if file.name not in ("Lock", "Unincorp"):
                lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
                (there / "triggers" / file.name).write_text("".join(
                    line for line in lines
                    if re.split(r"[/:]", line.split()[-1])[0] in self.names), encoding="utf-8")

    def files(self):
        """All files under /usr."""
        return {str(path.relative_to(self.path)) for path in (self.path / "usr").rglob("*")}

    def run(self, *command, as_user=False, **variables):
        """Standard output of a command that must succeed there; as_user: not as root."""
        variables = {"HOME": HOME, "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                     **variables}
        options = self.user if as_user else []
        return support.run(*self.unshare, "sh", "-c", ENTER, self.path,
                           "chroot", *options, self.path, *command, env=variables, cwd="/")
