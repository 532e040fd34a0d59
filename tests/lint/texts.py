#!/usr/bin/env python3
"""No text that people read bypasses the translations: texts.py ROOT BUILD

1. Every catalogue in po/ has each text of the sources, translated, and formats that match.
2. Under a language in which every text is marked («ŧhe text···»), what the command prints is marked.
3. No literal in the source that reads like a sentence is without its _(), N_() or ngettext(): that
   covers the windows as well. What is not a text for people is in texts.txt, one a line. Every build,
   with any library or without it, includes translate.h.
4. In the windows, no translation is written by snprintf(), which cuts inside of a character.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import catalogue

ROOT, BUILD = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
LANGUAGE = "qaa"  # ISO 639-2: for local use
FOLDERS = ("common", "producer", "consumer", "xray", "tools")
WINDOWS = {"producer", "consumer", "xray", *(("common", name) for name in (
    "channel", "playback", "program", "scope", "ui", "watch", "xray"))}


# ---- 1: the catalogues ---------------------------------------------------------------------------

def check_catalogue(path, template):
    """What is missing in a catalogue, or wrong."""
    wanted = {(message.id, message.plural) for message in template}
    messages = {(message.id, message.plural): message for message in catalogue.read(path)}
    found = ["%s: not translated: %s (po/update brings it there)" % (path.name, text[:90])
             for text, _ in sorted(wanted - set(messages), key=str)]
    found += ["%s: in no source any more: %s (po/update)" % (path.name, text[:90])
              for text, _ in sorted(set(messages) - wanted, key=str)]
    found += ["%s: not translated: %s" % (path.name, message.id[:90])
              for message in messages.values()
              if not all(message.texts) or "fuzzy" in "".join(message.flags)]
    checked = subprocess.run(["msgfmt", "--check", "-o", os.devnull, path], text=True,
                             capture_output=True, check=False)
    return found + checked.stderr.splitlines() * (checked.returncode != 0)


# ---- 2: the command ------------------------------------------------------------------------------

COMMANDS = ("show", "send", "recv", "status", "clean", "doctor", "xray", "check", "lesson",
            "bench", "play", "relay")
WRONG = (
    ["nonsense"], ["lesson"], ["lesson", "99"], ["send"], ["send", "/nowhere"], ["send", "/"],
    ["send", "--checksum=no", "x"], ["send", "--when-full=no", "x"], ["send", "--timeout=no", "x"],
    ["send", "--size=1", "x"], ["send", "--matrix=1", "x"], ["send", "--fps=x", "x"],
    ["send", "--stream", "--size=2x2", "x"], ["show"], ["recv", "-n0"], ["recv", "--name=x"],
    ["recv", "--stream=x"], ["recv", "--timeout=0.001"], ["status"], ["status", "--key="],
    ["status", "--key=0"], ["check"], ["check", "x"], ["check", "--time=x"],
    ["check", "--", "/nowhere"], ["check", "--", "/etc/passwd"], ["xray", "--sem=x"],
    ["xray", "--text", "--sem=1"], ["xray", "x"], ["xray", "--run"], ["bench", "--seconds=x"],
    ["bench", "--size=x"], ["play"], ["play", "--every=x", "x"],
    ["play", "--text", "--json", "x"], ["doctor"], ["xray", "--text"], ["relay"], ["relay", "--to=x"],
    ["relay", "--to=mqtt://h/t", "--quality=0"], ["relay", "--check=mqtt://127.0.0.1:1/t"],
)
# Of glibc's argp, whose own translations need not be installed.
OF_ARGP = re.compile(
    r"Usage:|Mandatory or optional arguments to long options are also .*? short\s+options\."
    r"|Try `.*?' or `.*?' for more information\.|^\s*or: ", re.MULTILINE | re.DOTALL)
# A word of the language; not a part of an option, a path or a command in `backquotes`.
WORDS = re.compile(r"(?<![\w/.=-])[a-z]{2,}[,;:]? [a-z]{2,}(?![\w/.=])")


def unmarked(text):
    """The first words that are outside of all marks; None: there are none."""
    text = OF_ARGP.sub("", text)
    while (inner := re.sub(r"«[^«»]*»", "·", text, flags=re.DOTALL)) != text:
        text = inner
    text = re.sub(r"`[^`']*[`']|\"[^\"\n]*\"|“[^”]*”", "", text)
    for line in text.splitlines():
        found = WORDS.search(re.sub(r"^(vitrine [a-z]+|vitrine-\w+):", "", line.strip()))
        if found and not re.match(r"vitrine [a-z]+$", found[0]):
            return line.strip()
    return None


def check_command(environment):
    """What the command prints without marks."""
    found = []
    runs = [["--help"]] + [[name, "--help"] for name in COMMANDS] + list(WRONG)
    programs = [[BUILD / "vitrine"] + arguments for arguments in runs]
    programs += [[BUILD / name, "--help"] for name in ("vitrine-producer", "vitrine-consumer")]
    for command in programs:
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60,
                             stdin=subprocess.DEVNULL, check=False)
        bare = unmarked(run.stdout + run.stderr)
        if bare:
            found.append("%s prints without a translation: %s"
                         % (" ".join(map(str, command[1:])) or command[0].name, bare))
        if "«" not in run.stdout + run.stderr:
            found.append("%s prints nothing that is translated" % " ".join(map(str, command)))
    return found


# ---- 3: the sources ------------------------------------------------------------------------------

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[A-Za-z_]\w*|\s+|.',
                   re.DOTALL)
# Functions whose arguments no person reads in their language, and those that translate.
EXEMPT = re.compile(
    r"^(_|N_|D?gettext|ngettext|LOG_\w+|log_event|log_write|json_\w+|str\w*cmp|strstr|strspn|getenv"
    r"|setenv|fopen|fscanf|sscanf|execl\w*|fail|begins|SDL_\w*Hint|_Static_assert|static_assert"
    r"|memfd_create|ask|perror|doctor_cure)$", re.IGNORECASE)
SENTENCE = re.compile(r"[a-z]{2,}[,;:]? [\"(%a-z“]|[a-z)%][,;:]? [a-z]{2,}|%[a-z]+ [a-z]{3,}")


def literals(text):
    """Each literal of C, joined, with its line and the functions in whose arguments it is."""
    calls, last, at, held = [], "", 0, None
    for token in TOKEN.finditer(text):
        word = token[0]
        if word.isspace() or word.startswith(("/*", "//")):
            continue
        if word[0] == '"':
            if held is None:
                at, held = token.start(), ""
            held += word[1:-1]
            continue
        if held is not None:
            if re.match(r"PRI\w+|NBSP$", word):
                held += "1"
                continue
            yield text.count("\n", 0, at) + 1, held, [call for call in calls if call]
            held = None
        if word == "(":
            calls.append(last if re.match(r"[A-Za-z_]", last) else "")
        elif word == ")" and calls:
            calls.pop()
        last = word


def bare_sentences(text, allowed):
    """(line, literal) of each sentence that is not translated."""
    text = re.sub(r"^[ \t]*#[ \t]*(include|error)\b.*$", "", text, flags=re.MULTILINE)
    return [(line, literal) for line, literal, calls in literals(text)
            if SENTENCE.search(literal) and not any(EXEMPT.match(call) for call in calls)
            and literal not in allowed]


def is_conditional(text):
    """Whether translate.h is included only in some builds: the others do not compile."""
    before, include, _ = text.partition("translate.h\"")
    return bool(include) and (len(re.findall(r"^#\s*if", before, re.MULTILINE))
                              > len(re.findall(r"^#\s*endif", before, re.MULTILINE)))


def cut_translations(text):
    """The lines on which snprintf() writes a translation, perhaps cut inside of a character."""
    return [line for line, _, calls in literals(text)
            if "snprintf" in calls and {"_", "ngettext"} & set(calls)]


def check_sources():
    """Sentences in the sources that no translator sees."""
    allowed = set((ROOT / "tests/lint/texts.txt").read_text(encoding="utf-8").split("\n"))
    found, used = [], set()
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        used |= {literal for _, literal, _ in literals(text)}
        found += ["%s:%d: wrap it in _() or N_(), or list it in texts.txt: \"%s\""
                  % (path.relative_to(ROOT), line, literal[:90])
                  for line, literal in bare_sentences(text, allowed)]
        parts = path.relative_to(ROOT).parts
        if parts[0] in WINDOWS or parts[:2] in WINDOWS:
            found += ["%s:%d: use text_print(): snprintf() cuts a translation inside of a character"
                      % (path.relative_to(ROOT), line) for line in cut_translations(text)]
        if path.suffix == ".c" and is_conditional(text):
            found.append("%s: include translate.h outside of the #if" % path.relative_to(ROOT))
    found += ["texts.txt: in no source any more: %s" % text
              for text in sorted(allowed - used) if text and not text.startswith("##")]
    return found


# What it must find, and what it must let pass.
assert bare_sentences('say("it is\\n" "not so");', set()) == [(1, "it is\\nnot so")]
assert not bare_sentences('say(_("it is not so")); LOG_STR("is not so", x); f("mutex");', set())
assert cut_translations('snprintf(a, 9,\n _("it %d"), 1); f(_("x"));') == [2]
assert is_conditional('#if X\n#include "translate.h"\n#endif')
assert not is_conditional('#if X\n#endif\n#include "translate.h"\n')
assert unmarked("vitrine send: «ŧhe file· »: of this") == "vitrine send: ·: of this"
assert unmarked("  -k, --key=KEY   «äll «of» ïŧ·»\nvitrine lesson: x.png: «ïş»") is None


def main():
    """Prints what is found; 1: something was, 77: gettext's tools are missing."""
    if not all(map(shutil.which, ("xgettext", "msgfmt"))):
        print("skipped: gettext is not installed")
        return 77
    found = check_sources()
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "vitrine.pot"
        subprocess.run([ROOT / "po/extract", template], check=True)
        messages = catalogue.read(template)
        for path in sorted((ROOT / "po").glob("*.po")):
            found += check_catalogue(path, messages)
        catalogue.write_marked(template, BUILD / "locale" / LANGUAGE / "LC_MESSAGES")
        environment = dict(os.environ, LC_ALL="xx_XX.UTF-8", LANGUAGE=LANGUAGE,
                           VITRINE_KEY="0x7602000b", XDG_STATE_HOME=folder)
        environment.pop("DISPLAY", None)
        environment.pop("WAYLAND_DISPLAY", None)
        version = subprocess.run([BUILD / "vitrine", "--help"], env=environment, check=True,
                                 capture_output=True, text=True).stdout
        if "«" in version:
            found += check_command(environment)
        else:
            print("no locale of this system is translated; the command is not checked")
    print("\n".join(found) or "%d texts, all translated" % len(messages))
    return 1 if found or not messages else 0


if __name__ == "__main__":
    sys.exit(main())
