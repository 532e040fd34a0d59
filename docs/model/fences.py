#!/usr/bin/env python3
"""Whether a mirror can take a torn image for a whole one, by the memory model of C11 alone.

    docs/model/fences.py            the protocol as it is in the source: no execution is torn
    docs/model/fences.py --faults   each of its four orderings taken out: each lets one be torn

spin interleaves instructions, so it cannot see what a weakly ordered machine (arm64, POWER) or a
compiler may reorder. Here all executions of the few accesses that matter are enumerated and judged
by the axioms of C11 as RC11 states them (Lahav, Vafeiadis, Kang, Hur, Dreyer: "Repairing Sequential
Consistency in C/C++11", PLDI 2017), without its SC accesses, of which there are none.

    a claim of the slot, then a publish     a mirror
      sequence := 0       relaxed             a := sequence      acquire   (look)
      fence               release             read the bytes
      write the bytes                         fence              acquire   (unchanged)
      sequence := 2       release             b := sequence      relaxed

The mirror believes what it has read if a = b, and not 0. Image 1 is in the slot when it begins. The
bytes are two locations; they are relaxed accesses here: for plain ones, as in the library, C11
promises nothing when they race, but a compiler has no more reason to move them across a fence. The
semop() of publish and the semctl(GETALL) of look order more, by locks in the kernel; nothing here
relies on them. The orders are read from the source.
"""
import argparse
import dataclasses
import itertools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BYTES = ("byte 0", "byte 1")
SEQUENCE = "sequence"

# What must be there: the file, the function, and the text of the access in it.
ACCESSES = {
    "claim stores 0": ("channel.c", "mark_claimed",
                       r"atomic_store_explicit\([^;]*sequence,\s*0,\s*memory_order_(\w+)\)"),
    "claim's fence": ("channel.c", "mark_claimed", r"atomic_thread_fence\(memory_order_(\w+)\)"),
    "publish stores the number": ("channel.c", "choose_publish",
                                  r"atomic_store_explicit\([^;]*sequence,\s*memory_order_(\w+)\)"),
    "look loads the number": ("mirror.c", "look_once",
                              r"atomic_load_explicit\([^;]*sequence,\s*memory_order_(\w+)\)"),
    "unchanged's fence": ("mirror.c", "vitrine_unchanged",
                          r"atomic_thread_fence\(memory_order_(\w+)\)"),
    "unchanged loads the number": ("mirror.c", "vitrine_unchanged",
                                   r"atomic_load_explicit\([^;]*memory_order_(\w+)\)"),
}


# ---- the source ----------------------------------------------------------------------------------


def function(name, text):
    """The body of a function at file level; clang-format puts its braces into column 0."""
    return re.search(rf"^[^\n]*\b{name}\([^;{{]*\)\n\{{\n(.*?)^\}}", text, re.M | re.S)[1]


def orders_in_source(root):
    """{access: order}; an access that is not there has the order "none"."""
    orders = {}
    for access, (file, name, pattern) in ACCESSES.items():
        paths = [path for path in root.glob(f"*/**/{file}")
                 if path.relative_to(root).parts[0] not in ("build", "tests")]
        if len(paths) != 1:
            sys.exit(f"fences: {file} is there {len(paths)} times: ACCESSES has to follow the source")
        match = re.search(pattern, function(name, paths[0].read_text(encoding="utf-8")))
        orders[access] = match[1] if match else "none"
    return orders


# ---- executions ----------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Event:
    thread: int
    at: int  # its place in the thread
    kind: str  # W, R or F
    place: str = ""
    value: int = 0  # of a write
    order: str = "relaxed"

    def has(self, what):
        return self.order in (what, "acq_rel", "seq_cst")


def program(orders):
    """The events of the writer and of the mirror; what has the order "none" is not there."""
    writer = [("W", SEQUENCE, 0, orders["claim stores 0"]),
              ("F", "", 0, orders["claim's fence"]),
              *[("W", byte, 2, "relaxed") for byte in BYTES],
              ("W", SEQUENCE, 2, orders["publish stores the number"])]
    mirror = [("R", SEQUENCE, 0, orders["look loads the number"]),
              *[("R", byte, 0, "relaxed") for byte in BYTES],
              ("F", "", 0, orders["unchanged's fence"]),
              ("R", SEQUENCE, 0, orders["unchanged loads the number"])]
    start = [Event(0, at, "W", place, 1) for at, place in enumerate((SEQUENCE, *BYTES))]
    threads = [[Event(number, at, *words) for at, words in enumerate(thread) if words[3] != "none"]
               for number, thread in enumerate((writer, mirror), 1)]
    return start, threads


def closure(pairs):
    """The transitive closure."""
    pairs = set(pairs)
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more


def synchronises(sequenced, reads_from):
    """(a, b) where a release is seen by an acquire, be they accesses or fences beside them. There is
    no read-modify-write, so a release sequence is its head alone."""
    found = set()
    for read, write in reads_from.items():
        heads = {write} if write.has("release") else set()
        heads |= {a for a, b in sequenced if b == write and a.kind == "F" and a.has("release")}
        tails = {read} if read.has("acquire") else set()
        tails |= {b for a, b in sequenced if a == read and b.kind == "F" and b.has("acquire")}
        found |= set(itertools.product(heads, tails))
    return found


def is_consistent(start, threads, reads_from):
    """RC11: coherence, and no value out of thin air. A place has one writer, so the order in which
    its writes happen is the order in which they stand."""
    sequenced = {(a, b) for thread in threads for a, b in itertools.combinations(thread, 2)}
    sequenced |= {(a, b) for a in start for thread in threads for b in thread}
    writes = [event for event in start + threads[0] if event.kind == "W"]
    modified = {(a, b) for a, b in itertools.combinations(writes, 2) if a.place == b.place}
    before = {(read, later) for read, write in reads_from.items()
              for earlier, later in modified if earlier == write}
    from_pairs = {(write, read) for read, write in reads_from.items()}
    happens = closure(sequenced | synchronises(sequenced, reads_from))
    coherence = closure(from_pairs | modified | before)
    return (all(a != b for a, b in happens) and all(a != b for a, b in coherence) and
            not any((b, a) in coherence for a, b in happens) and
            all(a != b for a, b in closure(sequenced | from_pairs)))


def executions(orders):
    """Each consistent one: what each read of the mirror gave, in its order."""
    start, threads = program(orders)
    writes = [event for event in start + threads[0] if event.kind == "W"]
    reads = [event for event in threads[1] if event.kind == "R"]
    for chosen in itertools.product(*[[write for write in writes if write.place == read.place]
                                      for read in reads]):
        if is_consistent(start, threads, dict(zip(reads, chosen))):
            yield [write.value for write in chosen]


def torn(orders):
    """The executions in which the mirror believes bytes that are not those of the number."""
    return [values for values in executions(orders)
            if values[0] == values[-1] != 0 and set(values[1:-1]) != {values[0]}]


# ---- the command ---------------------------------------------------------------------------------


def show(values):
    first, *data, last = values
    return f"the number is {first}, the bytes are those of {data}, the number is {last}"


def check(orders):
    """0 if no execution is torn, and the mirror may believe the old image and the new one."""
    bad = torn(orders)
    believed = {values[0] for values in executions(orders) if values[0] == values[-1]}
    for values in bad:
        print(f"TORN: {show(values)}")
    if not believed >= {1, 2}:
        print("the mirror never believes an image: the model is wrong")
        return 1
    print(f"{len(list(executions(orders)))} executions, {len(bad)} of them torn")
    return 1 if bad else 0


def check_faults(orders):
    """0 if each ordering is needed: without it an execution is torn."""
    taken_out = found = 0
    for access, order in orders.items():
        if order == "relaxed":
            continue
        weaker = {**orders, access: "none" if "fence" in access else "relaxed"}
        bad = torn(weaker)
        print(f"without {access} ({order}): " + (show(bad[0]) if bad else "NOT FOUND"))
        taken_out += 1
        found += bool(bad)
    print(f"figures: {taken_out} taken out, {found} found")
    return int(found < taken_out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faults", action="store_true", help="take out one ordering at a time")
    parser.add_argument("--source", type=pathlib.Path, default=ROOT, help="the tree to read")
    arguments = parser.parse_args()
    found = orders_in_source(arguments.source)
    sys.exit(check_faults(found) if arguments.faults else check(found))
