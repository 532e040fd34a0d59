"""The semop arrays of common/ipc/transitions.c, and what each of them means in Promela.

An array is read as the kernel reads it (perform_atomic_semop in ipc/sem.c): operation by
operation, each on the values that those before it left; done whole or not at all. The first
operation that cannot be done decides: with IPC_NOWAIT the call fails with EAGAIN, else it sleeps.
With SEM_UNDO the process's undo value takes the opposite of the change; when the process dies,
the kernel adds its undo values to the semaphores.

For an array X the Promela text gets three macros:
  can_X       the array can be done now
  refused_X   it would give EAGAIN; neither can_X nor refused_X: it would sleep
  do_X        its effect, undo values included
"""

import subprocess
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Operation:
    semaphore: str  # as in the table: "empty", "ready_i", "latest_L", "role"
    change: str     # "+1", "-1", "=0", "+N"
    undo: bool
    nowait: bool

    def __str__(self):
        flags = "U" * self.undo + "?" * self.nowait
        return f"{self.semaphore} {self.change}{flags}"

    def amount(self):
        """What it adds: a number, or "N", which is a macro of the model."""
        return {"=0": 0, "+N": "N"}.get(self.change) or int(self.change.lstrip("="))


def parse(text):
    """The operations of one array: "empty -1U mutex +1U"."""
    words = text.split()
    return [Operation(semaphore, word.rstrip("U?"), "U" in word, "?" in word)
            for semaphore, word in zip(words[::2], words[1::2])]


def read_table(program):
    """The table as `program` (tests/model/print_transitions.c) prints it: identifier → array."""
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = (line.split("\t") for line in lines.splitlines())
    return {identifier: parse(text) for identifier, _name, text in rows}


# How a model writes the table's semaphores: symbol → (value, undo value). An undo value of None
# means that the model keeps none, because the table never asks for one there.
SLOTS = {
    "mutex": ("sem_mutex", "undo_mutex"),
    "empty": ("sem_empty", "undo_empty"),
    "full": ("sem_full", "undo_full"),
    "nothing": ("sem_nothing", None),
    "ready_i": ("sem_ready[i]", "undo_ready[i]"),
    "latest_i": ("sem_latest[i]", None),
    "writer_i": ("sem_writer[i]", "undo_writer[i]"),
    "reader_i": ("sem_reader[i]", "undo_reader[i]"),
    "ready_L": ("sem_ready[l]", None),
    "latest_L": ("sem_latest[l]", None),
    "reader_L": ("sem_reader[l]", None),
}
OPENING = {
    "mutex": ("sem_mutex[s]", None),
    "empty": ("sem_empty[s]", None),
    "full": ("sem_full[s]", None),
    "nothing": ("sem_nothing[s]", None),
    "alive": ("sem_alive[s]", None),
    "producers": ("members[3 * (s) + PRODUCER]", None),
    "consumers": ("members[3 * (s) + CONSUMER]", None),
    "mirrors": ("members[3 * (s) + MIRROR]", None),
    "role": ("members[3 * (s) + (r)]", "undo_role"),
}


@dataclass
class Meaning:
    can: str
    refused: str
    do: str


def _add(variable, amount):
    sign, size = ("-", -amount) if amount != "N" and amount < 0 else ("+", amount)
    return f"{variable} = {variable} {sign} {size}"


def meaning(array, symbols):
    """The three macros' bodies for one array."""
    changed, undone = {}, {}
    needs = []  # (condition, nowait), in the kernel's order
    for operation in array:
        value, undo = symbols[operation.semaphore]
        before, amount = changed.get(value, 0), operation.amount()
        if operation.change == "=0":
            needs.append((f"{value} == {-before}", operation.nowait))
        elif amount == "N":
            changed[value] = amount
        else:
            changed[value] = before + amount
            if amount < 0 and changed[value] < 0:
                needs.append((f"{value} >= {-changed[value]}", operation.nowait))
        if operation.undo:
            undone[undo] = undone.get(undo, 0) - amount
    effects = [_add(variable, amount) for variable, amount in (changed | undone).items() if amount]
    return Meaning(_conjunction(needs), _refusal(needs), "; ".join(effects) or "skip")


def _conjunction(needs):
    return "(" + (" && ".join(condition for condition, _ in needs) or "true") + ")"


def _refusal(needs):
    """The first need that does not hold is one of those with IPC_NOWAIT."""
    if needs and all(nowait for _, nowait in needs):
        return f"(!{_conjunction(needs)})"
    ways = [_conjunction(needs[:k] + [(f"!({condition})", nowait)])
            for k, (condition, nowait) in enumerate(needs) if nowait]
    return "(" + (" || ".join(ways) or "false") + ")"


def promela(table, symbols, parameters):
    """The macros of the arrays in `parameters` (identifier → the macros' parameters)."""
    lines = ["/* Generated from common/ipc/transitions.c by docs/model/arrays.py. */"]
    for identifier, called in parameters.items():
        array = table[identifier]
        body = meaning(array, symbols)
        lines += ["", f"/* {' '.join(map(str, array))} */",
                  f"#define can_{identifier}{called} {body.can}",
                  f"#define refused_{identifier}{called} {body.refused}",
                  f"#define do_{identifier}{called} {body.do}"]
    return "\n".join(lines) + "\n"


# ---- mutants: the table with one thing taken out -----------------------------------------------

@dataclass(frozen=True)
class Mutant:
    identifier: str
    index: int
    kind: str
    operation: str

    def __str__(self):
        return f"{self.identifier}.{self.index}.{self.kind}"

    def words(self):
        return {"undo": f"{self.operation} without its undo",
                "wait": f"{self.operation} without its IPC_NOWAIT",
                "out": f"{self.operation} left out",
                "pair": f"{self.operation} and what cancels it left out"}[self.kind]

    def apply(self, table):
        """The table with this fault in it."""
        array = list(table[self.identifier])
        if self.kind == "undo":
            array[self.index] = replace(array[self.index], undo=False)
        elif self.kind == "wait":
            array[self.index] = replace(array[self.index], nowait=False)
        else:
            del array[self.index:self.index + (2 if self.kind == "pair" else 1)]
        return table | {self.identifier: array}


def mutants(table, identifiers):
    """All mutants of these arrays: each flag taken out, each operation, each cancelling pair."""
    for identifier in identifiers:
        array = table[identifier]
        for index, operation in enumerate(array):
            after = array[index + 1] if index + 1 < len(array) else None
            kinds = {"undo": operation.undo, "wait": operation.nowait, "out": True,
                     "pair": after and after.semaphore == operation.semaphore
                     and {after.change, operation.change} == {"+1", "-1"}}
            for kind, there in kinds.items():
                if there:
                    yield Mutant(identifier, index, kind, str(operation))
