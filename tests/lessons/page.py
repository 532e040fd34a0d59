"""Parses the pages in docs/lessons: the steps to do, and the output that programs should print."""
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGES = SOURCE / "docs/lessons"


def text(number, folder=PAGES):
    return next(folder.glob("%d-*.md" % number)).read_text()


def steps(number):
    """The numbered list under "Do"."""
    part = re.search(r"^## Do\n(.*?)^## ", text(number), re.M | re.S).group(1)
    return re.findall(r"^\d\. (.*)$", part, re.M)


def outputs(number):
    """{program: its output on the page}."""
    return {name: said.strip() for block in re.findall(r"^```\n(.*?)^```", text(number), re.M | re.S)
            for name, said in re.findall(r"^\$ (\S+)\n(.*?)(?=^\$ |\Z)", block, re.M | re.S)}


def sessions(number, folder=PAGES):
    """[(command line, [parts of its output])]: "…" on the page stands for any lines."""
    return [(command, [part.strip() for part in re.split(r"^…$", said, flags=re.M) if part.strip()])
            for block in re.findall(r"^```\n(.*?)^```", text(number, folder), re.M | re.S)
            for command, said in re.findall(r"^\$ ([^\n]+)\n(.*?)(?=^\$ |\Z)", block, re.M | re.S)]
