"""Figures: what was measured in rounds, as a median with its quartiles, beside the goal for it.

A goal is reached if the worse quartile reaches it: three rounds of four, not half of them.
"""
import statistics


def quartiles(values):
    """The lower quartile, the median and the upper quartile."""
    if len(values) < 2:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


class Bar:
    """A goal: its name, the figure, the goal, and whether it is reached. `spread`: the quartiles;
    `limit`: what the machine allows, measured in the same rounds."""

    def __init__(self, what, value, goal, met, spread="", limit=""):
        self.what, self.value, self.goal, self.met = what, value, goal, met
        self.spread, self.limit = spread, limit

    @classmethod
    def of(cls, what, values, goal, at_least, limit=None):
        """Makes a goal from the values of a ratio over the rounds; `limit`: the values of the best
        possible ratio."""
        low, middle, high = quartiles(values)
        return cls(what, "%.2f ×" % middle, "%s %.2f ×" % ("≥" if at_least else "≤", goal),
                   low >= goal if at_least else high <= goal, "%.2f – %.2f" % (low, high),
                   "%.2f ×" % statistics.median(limit) if limit else "")


class Figure:
    """`text` is its description, `limit` its maximum (None: it is only shown). `bar` is its name in
    the list of goals (None: it is not in the list), `bound` the Figure of what the machine allows
    (None: it is not known)."""

    def __init__(self, text, unit, limit=None, bar=None, bound=None):
        self.text, self.unit, self.limit, self.bar, self.bound = text, unit, limit, bar, bound
        self.values, self.shares = [], []

    def add(self, value, share):
        self.values.append(value)
        self.shares.append(share)

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def middle(self):
        return "%s %s" % (number(self.median), self.unit)

    @property
    def met(self):
        return self.limit is None or quartiles(self.values)[2] <= self.limit

    @property
    def spread(self):
        low, _, high = quartiles(self.values)
        return "%s – %s" % (number(low), number(high))

    @property
    def goal(self):
        return "" if self.limit is None else "≤ %s %s" % (number(self.limit), self.unit)

    def row(self):
        """(what, median, spread, goal, met, rounds, others): strings, for a table."""
        return (self.text, self.middle,
                self.spread, self.goal,
                "" if self.limit is None else "yes" if self.met else "**no**",
                str(len(self.values)), "%.0f %%" % (100 * statistics.median(self.shares)))


HEAD = ("what", "median", "quartiles", "goal", "met", "rounds", "others' CPU")


def number(value):
    """The number with three significant digits."""
    text = "%.0f" % value if abs(value) >= 100 else "%.3g" % value
    return text if "e" not in text else "%.4f" % value


class Section:
    """The figures of one subject, in the order in which they are to be shown."""

    def __init__(self, title, **figures):
        self.title, self.figures = title, figures
        self.left_out = []  # sentences on what could not be measured

    def measure(self, quiet, rounds, measure):
        """Calls measure() for each round; it returns {name of figure: value}."""
        for _ in range(rounds):
            values, share = quiet.round(measure)
            for name, value in values.items():
                self.figures[name].add(value, share)

    @property
    def bars(self):
        return [Bar(figure.bar, figure.middle, figure.goal, figure.met, figure.spread,
                    figure.bound.middle if figure.bound else "")
                for figure in self.figures.values() if figure.bar and figure.values]

    def text(self):
        rows = [figure.row() for figure in self.figures.values() if figure.values]
        return titled(self.title, table(HEAD, rows)) + "".join(
            "\nLeft out: %s.\n" % sentence for sentence in self.left_out)


class Table:
    """A subject with a special table; `below` is a paragraph that follows it."""

    def __init__(self, title, head, rows, below="", bars=()):
        self.title, self.head, self.rows, self.below = title, head, rows, below
        self.bars = list(bars)

    def text(self):
        below = self.below + "\n\n" if self.below else ""
        return titled(self.title, table(self.head, self.rows) if self.rows else "") + below


def titled(title, text):
    return "### %s\n\n%s%s" % (title, text, "\n" if text else "")


def table(head, rows):
    """A Markdown table whose source is also legible."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["| %s |" % " | ".join(
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths))) for row in rows]
    lines.insert(1, "|%s|" % "|".join(
        "-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths)))
    return "\n".join(lines) + "\n"
