#!/usr/bin/env python3
"""The pages of the lessons and the sheets for teachers in other languages: each is translated, shows
the same commands, output and links as the English page, and quotes windows and commands as they are
translated. `vitrine lesson` names the page in the user's language.
"""
import collections
import functools
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path += [str(SOURCE / "tests/tools"), str(SOURCE / "tests/lint")]
import catalogue  # noqa: E402
import page  # noqa: E402
import support  # noqa: E402
from ipc_namespace import own_ipc_namespace  # noqa: E402

PARTS = ("lessons", "teaching")
DOCS = SOURCE / "docs"
MADE = support.BUILD / "pages/docs"
LANGUAGES = sorted(path.stem for path in (SOURCE / "po").glob("*.po"))
SESSIONS = (8, 9, 11)  # with output of commands that is translated
NAMES = ("Space", "Enter", "Backspace", "begins")  # of keys, and in output
BUFFER = ("empty", "full")  # said of a buffer
CALLS = ("reserve", "publish", "wait and lock", "release")  # the X-ray's names of them
STATUS = ("attached: %zu", "may write", "reads")  # in a line of `vitrine status`
CONVERSION = re.compile(r"%(?:(\d)\$)?[a-z]+")


def plain(text):
    """A text of a catalogue as people see it."""
    return re.sub(r'\\(["\\])', r"\1", text.replace(r"\n", "\n")).strip()


@functools.cache
def texts_of_windows(language):
    """{what windows and commands say in English: the same in the language}."""
    return {plain(english): plain(text)
            for message in catalogue.read(SOURCE / "po" / (language + ".po"))
            for english, text in zip((message.id, message.plural), message.texts)}


@functools.cache
def pattern(english):
    """What finds a text with its arguments, and the number of each argument, in their order."""
    numbers, parts = [], re.split(r"(%(?:\d\$)?[a-z]+)", english)
    for conversion in filter(None, map(CONVERSION.fullmatch, parts)):
        numbers.append(int(conversion[1] or len(numbers) + 1))
    return re.compile("".join(r"(\S+)" if CONVERSION.fullmatch(part) else re.escape(part)
                              for part in parts)), numbers


def filled(english, text, said):
    """A translation with the numbers and names that `said` has; None: it is another text."""
    expression, numbers = pattern(english)
    found = expression.search(said)
    values = iter(range(1, len(numbers) + 1))
    return found and CONVERSION.sub(
        lambda conversion: found[numbers.index(int(conversion[1] or next(values))) + 1], text)


def quotes(text):
    """What is *emphasised* or “quoted”."""
    return ["".join(found)
            for found in re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)|“([^”\n]+)”|«([^»\n]+)»", text)]


def blocks(text):
    """The lines of each block between fences."""
    return [block.splitlines() for block in re.findall(r"^```\n(.*?)^```", text, re.M | re.S)]


def outside(text):
    return re.sub(r"^```\n.*?^```", "", text, flags=re.M | re.S)


def shape(text):
    """Headings, pictures, items, the cells of tables, and the empty lines."""
    return [(re.match(r"#+ |!\[|- |\d+\. |", line)[0], line.count("|"), line == "")
            for line in outside(text).splitlines()]


def commands(text):
    """The lines that are commands, without comments."""
    return re.findall(r"^(?:    |\$ )(.*?)(?: +#.*)?$", text, re.M)


def spans(text):
    return collections.Counter(re.findall(r"`([^`\n]+)`", outside(text)))


def links(text):
    return sorted(re.findall(r"\]\(([^)]+)\)", text), key=lambda link: link.rpartition("/")[2])


class Languages(support.ToolTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not MADE.exists() and shutil.which("po4a") is None:
            raise unittest.SkipTest("not installed: po4a")

    def on_each_page(self, check):
        """Calls check(language, English text, its text, its path) for each page."""
        for part in PARTS:
            names = sorted(path.name for path in (DOCS / part).glob("*.md"))
            for language in LANGUAGES:
                made = MADE / part / language
                self.assertEqual(sorted(path.name for path in made.glob("*.md")), names)
                for name in names:
                    with self.subTest(language=language, part=part, page=name):
                        check(language, (DOCS / part / name).read_text(),
                              (made / name).read_text(), made / name)

    def test_catalogues_are_complete(self):
        for part in PARTS:
            with tempfile.NamedTemporaryFile() as template:
                subprocess.run([SOURCE / "po/extract-pages", part, template.name], check=True)
                wanted = {message.id for message in catalogue.read(pathlib.Path(template.name))}
            self.assertGreater(len(wanted), 200)
            for language in LANGUAGES:
                with self.subTest(part=part, language=language):
                    messages = catalogue.read(SOURCE / "po" / part / (language + ".po"))
                    self.assertEqual({message.id for message in messages}, wanted, "run po/update")
                    self.assertEqual([message.id for message in messages if not all(message.texts)
                                      or "fuzzy" in "".join(message.flags)], [])

    def test_made_where_the_path_has_a_space(self):
        with tempfile.TemporaryDirectory(prefix="vitrine pagés ") as name:
            copy, made = pathlib.Path(name, "source"), pathlib.Path(name, "made")
            for part in ("po", "docs/lessons", "docs/teaching"):
                shutil.copytree(SOURCE / part, copy / part)
            subprocess.run([copy / "po/make-pages", made], check=True)
            for part in PARTS:
                subprocess.run([copy / "po/extract-pages", part, made / part], check=True)
            page = "lessons/es/1-one-image.md"
            self.assertEqual((made / "docs" / page).read_bytes(), (MADE / page).read_bytes())

    def test_same_parts_and_commands(self):
        def check(_, english, text, _path):
            self.assertEqual(shape(text), shape(english))
            self.assertEqual(commands(text), commands(english))
            self.assertEqual(len(blocks(text)), len(blocks(english)))
        self.on_each_page(check)

    def test_same_output(self):
        """That of commands, which is translated, is compared with what they print, below."""
        def check(language, english, text, path):
            texts = texts_of_windows(language)
            for written, wanted in zip(blocks(text), blocks(english)):
                if path.name.startswith(tuple("%d-" % number for number in SESSIONS)) and \
                        any(line.startswith("$ vitrine") for line in wanted):
                    continue
                for line in (line for line in wanted if line.startswith("attached: ")):
                    for word in STATUS:
                        number = line.split()[1].rstrip(":")
                        wanted = [one.replace(word.replace("%zu", number),
                                              texts[word].replace("%zu", number)) for one in wanted]
                self.assertEqual(written, wanted)
        self.on_each_page(check)

    def test_same_code(self):
        """Keys have the names that windows give them."""
        def check(language, english, text, _path):
            texts = texts_of_windows(language)
            wanted = {texts[span] if span in NAMES else span: count
                      for span, count in spans(english).items()}
            self.assertEqual(spans(text), wanted)
        self.on_each_page(check)

    def test_same_links(self):
        """To pages and pictures of the same language, and to the same programs."""
        def check(language, english, text, path):
            headings = re.findall(r"^#+-(.*)$", text.lower().replace(" ", "-"), re.M)
            for link, original in zip(links(text), links(english), strict=True):
                if original.startswith("#"):
                    self.assertIn(link[1:], headings)
                    continue
                place = DOCS / path.parents[1].name
                wanted = (place / original).resolve()
                if wanted.suffix == ".md" and wanted.parent.name in PARTS:
                    wanted = MADE / wanted.parent.name / path.parent.name / wanted.name
                elif wanted.suffix == ".png":
                    own = place / language / original
                    self.assertEqual((path.parent / link).read_bytes(), own.read_bytes())
                    self.assertNotEqual(own.read_bytes(), wanted.read_bytes(), own)
                    continue
                self.assertTrue((path.parent / link).exists(), link)
                self.assertEqual((path.parent / link).resolve(), wanted)
        self.on_each_page(check)

    def test_quotes_of_windows(self):
        """What a page quotes is what the window says in the language; so are steps and titles."""
        seen = collections.Counter()
        for path in (SOURCE / "po" / part / (language + ".po")
                     for part in PARTS for language in LANGUAGES):
            texts = texts_of_windows(path.stem)
            any_case = {english.lower(): text.lower() for english, text in texts.items()}
            for message in catalogue.read(path):
                english, text = plain(message.id), plain(message.texts[0])
                with self.subTest(language=path.stem, text=english):
                    title = re.sub(r"^\d+\. ", "", english)
                    if title in texts:
                        self.assertEqual(re.sub(r"^\d+\. ", "", text), texts[title])
                        seen[path.stem] += 1
                    for quote in quotes(english):
                        if quote in CALLS:
                            self.assertIn("*%s*" % quote, text)
                            continue
                        said = [any_case.get(quote.lower())] if quote not in BUFFER else []
                        said += [filled(*entry, quote) for entry in texts.items()
                                 if len(CONVERSION.sub("", entry[0])) > 12 or entry[0].endswith(":")]
                        for one in filter(None, said):
                            self.assertTrue(any(one.lower() in other.lower() for other in quotes(text)),
                                            "%s: %s" % (quote, one))
                            seen[path.stem] += 1
        self.assertEqual(len(set(seen.values())), 1, seen)
        self.assertGreater(min(seen.values()), 30)

    def test_the_command_names_the_page(self):
        for language in LANGUAGES:
            for languages in (language, "de:" + language):
                self.environment["LANGUAGE"] = languages
                said = self.run_tool("lesson")[0].decode()
                self.assertTrue(said.endswith(" %s\n" % (MADE / "lessons" / language)), said)
                self.assertIn(" %s\n" % (SOURCE / "examples/lessons"), said)
        self.environment["LANGUAGE"] = "de"
        said = self.run_tool("lesson")[0].decode()
        self.assertTrue(said.endswith(" %s\n" % page.PAGES), said)

    def test_the_commands_print_what_the_page_says(self):
        for language in LANGUAGES:
            self.environment["LANGUAGE"] = language
            for number in SESSIONS:
                if number == 9 and support.SANITIZED:
                    continue  # vitrine check limits memory to less than a sanitizer needs
                with self.subTest(language=language, lesson=number):
                    said = self.run_tool("lesson", str(number), "--unattended", "--key",
                                         hex(self.key))[0].decode()
                    (path,) = (MADE / "lessons" / language).glob("%d-*.md" % number)
                    self.assertIn(" %s\n" % path, said)
                    for command, parts in page.sessions(number, MADE / "lessons" / language):
                        self.assertIn("$ %s\n" % command, said)
                        for part in parts:
                            self.assertIn(self.without_numbers(part), self.without_numbers(said))

    @staticmethod
    def without_numbers(text):
        return re.sub(r"\d+", "N", text)


if __name__ == "__main__":
    own_ipc_namespace()  # a program that is killed cannot remove its set
    support.main()
