"""Plots as SVG files, the same bytes for the same data."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.hashsalt": "vitrine", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#dddddd",
    "figure.facecolor": "white", "axes.axisbelow": True})

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter  # noqa: E402

OURS, OTHERS, LIMIT = "#c4572e", "#5b7f95", "#999999"


def _save(figure, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def bars(path, panels):
    """panels: [(title, [(label, value, colour)])], side by side, horizontal bars from 0."""
    count = max(len(rows) for _, rows in panels)
    figure, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 0.26 * count + 1),
                                squeeze=False)
    for axis, (title, rows) in zip(axes[0], panels):
        places = range(len(rows), 0, -1)
        axis.barh(places, [value for _, value, _ in rows], color=[colour for *_, colour in rows])
        axis.set_yticks(places, [label for label, *_ in rows])
        axis.axvline(1, color="black", linewidth=0.8)
        axis.set_title(title)
        axis.grid(axis="y", visible=False)
    _save(figure, path)


def lines(path, title, x_label, y_label, series, log_x=True, log_y=False, x_text=None):
    """series: [(label, [(x, y)])]. x_text(x) is the label of every second point."""
    figure, axis = plt.subplots(figsize=(5.4, 3.2))
    for label, points in series:
        axis.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3.5,
                  label=label)
    if log_x:
        axis.set_xscale("log", base=2)
    if log_y:
        axis.set_yscale("log")
    else:
        axis.set_ylim(bottom=0)
    plain = FuncFormatter(lambda value, _: "%g" % value)
    for each, is_log in ((axis.xaxis, log_x), (axis.yaxis, log_y)):
        if is_log:
            each.set_major_formatter(plain)
            each.set_minor_formatter(NullFormatter())
    if x_text:
        places = [x for x, _ in series[0][1]][::2]
        axis.set_xticks(places, [x_text(x) for x in places])
    axis.set_title(title)
    axis.set_xlabel(x_label)
    axis.set_ylabel(y_label)
    if len(series) > 1:
        axis.legend(frameon=False)
    _save(figure, path)
