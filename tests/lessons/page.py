"""The pages in docs/lessons: what they tell to do, and what they say that a program prints."""
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGES = SOURCE / "docs/lessons"


def text(number):
    return next(PAGES.glob("%d-*.md" % number)).read_text()


def steps(number):
    """The numbered list under "Do"."""
    part = re.search(r"^## Do\n(.*?)^## ", text(number), re.M | re.S).group(1)
    return re.findall(r"^\d\. (.*)$", part, re.M)


def outputs(number):
    """{program: what the page says that it prints}."""
    return {name: said.strip() for block in re.findall(r"^```\n(.*?)^```", text(number), re.M | re.S)
            for name, said in re.findall(r"^\$ (\S+)\n(.*?)(?=^\$ |\Z)", block, re.M | re.S)}


def sessions(number):
    """[(command line, [what it prints])]: a line "…" on the page stands for any lines."""
    return [(command, [part.strip() for part in re.split(r"^…$", said, flags=re.M) if part.strip()])
            for block in re.findall(r"^```\n(.*?)^```", text(number), re.M | re.S)
            for command, said in re.findall(r"^\$ ([^\n]+)\n(.*?)(?=^\$ |\Z)", block, re.M | re.S)]
