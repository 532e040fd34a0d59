"""Reads message catalogues (.po, .pot), and makes one whose every text is marked: «ŧhe text·····».

The marked texts are a third longer, so that what a translation would cut is cut by them, too.
"""
import collections
import re
import subprocess

Message = collections.namedtuple("Message", "id plural texts flags")
# What must stay as it is: conversions of printf, escapes, and names of PRI macros.
KEPT = re.compile(r"%<\w+>|%(?:\d+\$)?[-+ #0']*[\d*.]*(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]|\\.")
LETTERS = str.maketrans("abcdehiklnostuyz", "äƀċđëħïķļñöşŧûŷž")


def unquoted(line):
    """The text between the quotes of a line, with its escapes."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', line))


def read(path):
    """The messages of a catalogue, without its head and without what is obsolete."""
    messages = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        fields, field = {}, None
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            word = re.match(r"(msgid|msgid_plural|msgstr(?:\[\d\])?)\s", line)
            field = word[1] if word else field
            fields[field] = fields.get(field, "") + unquoted(line)
        if fields.get("msgid"):
            texts = [text for name, text in sorted(fields.items()) if name.startswith("msgstr")]
            messages.append(Message(fields["msgid"], fields.get("msgid_plural"), texts,
                                    re.findall(r"^#,(.*)$", block, re.MULTILINE)))
    return messages


def longer(text):
    """The text with marks and other letters."""
    shown, at = [], 0
    for kept in KEPT.finditer(text):
        shown += [text[at:kept.start()].translate(LETTERS), kept[0]]
        at = kept.end()
    shown.append(text[at:].translate(LETTERS))
    return "«%s%s»" % ("".join(shown), "·" * (len(text) // 4 + 1))


def marked(text):
    """The text as the marked catalogue has it; the two parts of a --help are marked each."""
    ends = re.match(r"^((?:\\n|\s)*)(.*?)((?:\\n|\s)*)$", text, re.DOTALL)
    parts = [longer(part) for part in ends[2].split(r"\v")]
    return ends[1] + r"\v".join(parts) + ends[3] if ends[2] else text


def write_marked(template, folder):
    """Makes folder/vitrine.mo of the template's messages."""
    lines = ['msgid ""', r'msgstr "Content-Type: text/plain; charset=UTF-8\n'
             r'Plural-Forms: nplurals=2; plural=(n != 1);\n"', ""]
    for message in read(template):
        lines += ["#," + flag for flag in message.flags]
        lines.append('msgid "%s"' % message.id)
        if message.plural is None:
            lines.append('msgstr "%s"' % marked(message.id))
        else:
            lines += ['msgid_plural "%s"' % message.plural,
                      'msgstr[0] "%s"' % marked(message.id),
                      'msgstr[1] "%s"' % marked(message.plural)]
        lines.append("")
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "vitrine.mo.new"
    subprocess.run(["msgfmt", "--check-format", "-o", made, "-"], check=True,
                   input="\n".join(lines).encode())
    made.replace(folder / "vitrine.mo")


assert marked("%d slot\\n") == "«%d şļöŧ··»\\n"
assert marked("a\\vb") == "«ä·»\\v«ƀ·»"
assert longer("%<PRIu64>%s") == "«%<PRIu64>%s···»"
