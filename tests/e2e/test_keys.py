#!/usr/bin/env python3
"""Presses every key of both tables in every state of the window: nothing may crash, and every key
must be documented."""
import re
import signal
import subprocess

import stage
from test_animation import gif, COLOURS
from test_stream import HEADER, RED, GREEN, frame

# Keys whose names differ between SDL and X.
X_NAMES = {"Backspace": "BackSpace", "PageUp": "Prior", "PageDown": "Next", "Keypad Enter":
           "KP_Enter", "Application": "Menu", "+": "plus", "=": "equal", "-": "minus",
           "?": "question", ".": "period", "[": "bracketleft", "]": "bracketright",
           "<": "less", ">": "greater", ",": "comma", "Space": "space", ";": "semicolon",
           "#": "numbersign", "/": "slash", "*": "asterisk", "!": "exclam",
           "|": "bar", "_": "underscore", ")": "parenright", "Keypad +": "KP_Add",
           "Keypad -": "KP_Subtract", "Keypad 0": "KP_0"}
ENDS = {"q", "ctrl+q", "ctrl+w", "r"}  # these end the window, or turn it into the other one
KILLS = "k"                            # the second one does
OPENS_MENU = "Menu"                    # the menu takes all keys until one of the next closes it
CHOOSES = {"Return", "KP_Enter", "space"}  # … and one of its entries is Quit


class Keys(stage.Stage):
    def table(self, program):
        """[(X's name, whether it is documented, how it is shown, help)]."""
        lines = subprocess.run([stage.BUILD / "tests" / ("keys_of_" + program)], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        rows = [line.split("\t") for line in lines]
        self.assertGreater(len(rows), 20)
        return [(held + (X_NAMES.get(name) or (name.lower() if len(name) == 1 else name)),
                 kind == "documented", shown, text) for name, held, kind, shown, text in rows]

    def test_every_key_is_documented(self):
        for program in ("producer", "consumer"):
            rows = self.table(program)
            told = " ".join(shown + " " + text for _, documented, shown, text in rows
                            if documented)
            words = set(re.split(r"[\s,;+]+", told)) | {"+"}
            for key, documented, shown, _ in rows:
                with self.subTest(program=program, key=key):
                    self.assertTrue(documented or re.split(r"[\s+]", shown)[-1] in words,
                                    "%s is in no line of the help" % shown)
            text = subprocess.run([stage.BUILD / ("vitrine-" + program), "--help"], check=True,
                                  capture_output=True, text=True).stdout
            for _, documented, shown, _ in rows:
                self.assertTrue(not documented or shown in text, shown)

    def sweep(self, program, window, enter=()):
        """Enters the state, presses each key in it, and checks that the window still reacts."""
        ends = ENDS | ({"Return", "KP_Enter"} if "q" in enter else set())  # a yes to the question
        ends |= CHOOSES if OPENS_MENU in enter else set()
        keys = [key for key, _, _, _ in self.table(program) if key not in ends]
        self.random.shuffle(keys)
        window.key(*enter) if enter else self.desktop.activate(window.window)
        pressed = []
        for key in keys:
            pressed += [key, "Escape"] if key in (KILLS, OPENS_MENU) else [key]
        self.desktop.press(*pressed, pause=0.008)
        window.key(*["Escape"] * 4)
        self.assertTrue(window.running, "after %s" % " ".join(pressed))
        window.process.send_signal(signal.SIGTERM)
        window.wait_exit()

    def poor(self):
        """An environment without a file chooser and without a clipboard program."""
        folder = self.images / "no programs"
        folder.mkdir(exist_ok=True)
        return {"PATH": str(folder)}

    def test_producer(self):
        images = [self.image("%d.png" % i, (60, 40))[0] for i in range(6)]
        text, moving = self.images / "notes.txt", self.images / "moving.gif"
        text.write_text("not an image\n")
        moving.write_bytes(gif(COLOURS, 5))
        everything = [*images, text, moving]
        states = {
            "empty": ((), ()),
            "images": (everything, ("Home",)),
            "all selected": (images, ("ctrl+a",)),
            "text": ([text], ()),
            "animation": ([moving], ()),
            "animation that is sent": ([moving], ("space",)),
            "buffer full": (["--slots=2", *images], ("a",)),
            "x-ray": (["--xray", "--timeline", *images], ()),
            "step mode": (["--step=all", *images], ("space",)),
            "full screen": (["--full-screen", *everything], ()),
            "help": (images, ("F1",)),
            "gallery": (images, ("g",)),
            "menu": (images, ("Menu",)),
            "slide show": (["--every=100ms", *everything], ()),
            "question": (["--slots=2", *images], ("a", "q")),
        }
        for name, (arguments, enter) in states.items():
            with self.subTest(state=name):
                program = self.producer(*arguments, environment=self.poor())
                self.sweep("producer", program, enter)
        self.empty_channel()

    def test_producer_with_a_stream(self):
        image, _ = self.image("1.png", (60, 40))
        for enter in ((), ("space",), ("l",)):
            producer = self.producer("-", image, stdin=subprocess.PIPE, environment=self.poor())
            producer.process.stdin.write(HEADER + frame(RED, GREEN))
            producer.process.stdin.flush()
            producer.wait("stream")
            self.sweep("producer", producer, enter)
            producer.process.stdin.close()
        self.empty_channel()

    def empty_channel(self):
        """Removes the channel with the images that wait in it."""
        subprocess.run([stage.BUILD / "vitrine", "clean", "--key", "0x%08x" % self.key],
                       capture_output=True)
        for kind, number in self.ipc().items():
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(number)], check=True)

    def test_consumer(self):
        image, _ = self.image("1.png")
        text = self.images / "notes.txt"
        text.write_text("a line\n" * 500)
        states = {
            "empty": ((), ()),
            "image": ((), ("Left",)),
            "paused": (("--paused",), ()),
            "manual": (("--manual",), ()),
            "mirror": (("--mirror",), ()),
            "x-ray": (("--xray", "--timeline"), ()),
            "step mode": (("--step",), ()),
            "full screen": (("--full-screen",), ()),
            "help": ((), ("F1",)),
            "information": ((), ("i",)),
            "menu": ((), ("Menu",)),
        }
        for name, (options, enter) in states.items():
            with self.subTest(state=name):
                consumer = self.consumer(*options, environment=self.poor(), cwd=self.images)
                if name != "empty":
                    subprocess.run([stage.BUILD / "vitrine", "send", "--when-full=drop-oldest",
                                    "--key", "0x%08x" % self.key, text, image], check=True,
                                   capture_output=True)
                self.sweep("consumer", consumer, enter)
        self.empty_channel()


if __name__ == "__main__":
    stage.main()
