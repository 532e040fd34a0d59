"""Figures: what was measured in rounds, as a median with its spread, beside the goal for it."""
import statistics


class Figure:
    """`text` says what it is, `limit` the most it may be (None: it is told, not judged)."""

    def __init__(self, text, unit, limit=None):
        self.text, self.unit, self.limit = text, unit, limit
        self.values, self.shares = [], []

    def add(self, value, share):
        self.values.append(value)
        self.shares.append(share)

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def met(self):
        return self.limit is None or self.median < self.limit

    def row(self):
        """(what, median, spread, goal, met, rounds, others): strings, for a table."""
        return (self.text, "%s %s" % (_number(self.median), self.unit),
                "%s – %s" % (_number(min(self.values)), _number(max(self.values))),
                "" if self.limit is None else "< %s %s" % (_number(self.limit), self.unit),
                "" if self.limit is None else "yes" if self.met else "**no**",
                str(len(self.values)), "%.0f %%" % (100 * statistics.median(self.shares)))


HEAD = ("what", "median", "spread", "goal", "met", "rounds", "others' CPU")


def _number(value):
    text = "%.0f" % value if abs(value) >= 100 else "%.3g" % value
    return text if "e" not in text else "%.4f" % value


class Section:
    """The figures of one subject, in the order in which they are to be shown."""

    def __init__(self, title, **figures):
        self.title, self.figures = title, figures

    def measure(self, quiet, rounds, measure):
        """Calls measure() for each round; it returns {name of figure: value}."""
        for _ in range(rounds):
            values, share = quiet.round(measure)
            for name, value in values.items():
                self.figures[name].add(value, share)

    def rows(self):
        return [figure.row() for figure in self.figures.values() if figure.values]


def table(sections):
    """All sections as Markdown tables that are legible as they are, too."""
    lines = []
    for section in sections:
        rows = [HEAD] + section.rows()
        widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
        lines += ["### " + section.title, ""]
        for number, row in enumerate(rows):
            lines.append("| %s |" % " | ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths))))
            if number == 0:
                lines.append("|%s|" % "|".join(
                    "-" * (width + 2) if i == 0 else "-" * (width + 1) + ":"
                    for i, width in enumerate(widths)))
        lines.append("")
    return "\n".join(lines)
