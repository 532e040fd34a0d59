# %% [markdown]
# # Pictures of a computation, beside the notebook
#
# `vitrine.show` puts an array into a window of its own and returns at once, so the cell goes on
# computing. The window stays when the kernel is restarted. This file is the notebook's text: each
# `# %%` is a cell in Jupyter (by Jupytext), VS Code, Spyder and PyCharm, and as a program it runs
# from top to bottom:
#
#     python3 notebook.py --frames 20

# %%
import argparse

import numpy as np
import vitrine

parser = argparse.ArgumentParser()
parser.add_argument("--key")
parser.add_argument("--frames", type=int, default=60)
parser.add_argument("--size", default="600x400", metavar="WxH")
options, _ = parser.parse_known_args()  # a kernel has arguments of its own
width, height = map(int, options.size.split("x"))

# %% [markdown]
# One line opens the window. Floats in 0 … 1 are shades of grey; more components are colours.

# %%
vitrine.show(np.random.rand(height, width), "noise", key=options.key)

# %% [markdown]
# The same line in a loop shows how a computation gets on: heat that spreads from two walls.

# %%
heat = np.zeros((height, width))
for number in range(options.frames):
    heat[:, :10], heat[:, -10:] = 1, 0.7
    for _ in range(10):
        inside = heat[:-2, 1:-1] + heat[2:, 1:-1] + heat[1:-1, :-2] + heat[1:-1, 2:]
        heat[1:-1, 1:-1] = inside / 4
    red, blue = heat, 0.3 * (1 - heat)
    vitrine.show(np.dstack([red, heat**3, blue]), f"heat {number}", key=options.key)

# %% [markdown]
# What the window shows can be looked at without taking it away from the window.

# %%
with vitrine.Mirror(options.key) as mirror:
    image = mirror.latest()
print(image.sequence, image.name, image.array.shape, image.array.mean())
