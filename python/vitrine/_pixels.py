"""From what a script has to what a slot holds: decided before anything is claimed, written once.

plan() looks at an array, a buffer, a Pillow image, a path or the bytes of a file and answers with a
Plan, or with ValueError for what is not an image. Plan.write() then fills the slot.
"""
from __future__ import annotations

import dataclasses
import errno
import mimetypes
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Optional

from . import _library as c
from ._image import FORMATS, Image, fourcc

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

UNKNOWN = "application/octet-stream"
BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf", b"avif",
          b"avis")  # of HEIC and AVIF, after "ftyp"
NPY = b"\x93NUMPY"  # how a file of numpy.save() begins


@dataclasses.dataclass(frozen=True)
class Values:
    """Which values of an array become 0 and 255; see Producer.publish()."""

    vmin: Optional[float] = None
    vmax: Optional[float] = None
    normalize: bool = False

    @property
    def given(self) -> bool:
        return self.normalize or self.vmin is not None or self.vmax is not None


@dataclasses.dataclass
class Plan:
    """A description of what will be published; `write` copies its bytes into the slot."""

    image: c.Image
    write: Callable[[memoryview], None]

    @property
    def size(self) -> int:
        return int(self.image.size)


def encode_name(name: str) -> bytes:
    """A name for the library, which takes the last part of a path: here a slash is not a path.
    TypeError: it is not a string.
    """
    if not isinstance(name, str):
        raise TypeError(f"name={name!r} is not a string: give name=str(…)")
    return os.fsencode(name.replace("/", "%2F").replace("\0", "%00"))


def pixels(name: str, width: int, height: int, order: str) -> c.Image:
    """The description of rows without gaps. ValueError: no such order, or sides out of range."""
    image = c.Image()
    if not 0 < width < 1 << 32 or not 0 < height < 1 << 32 or c.lib.vitrine_pixels(
            image, encode_name(name), width, height, fourcc(FORMATS[order])) < 0:
        raise ValueError(f"{width} x {height} pixels: each side must be 1 to {1 << 24}, "
                         "a row at most 1 GiB")
    return image


def file(name: str, size: int, media_type: Optional[str]) -> c.Image:
    """The description of a file's bytes; if there is no media type, it is guessed from the name."""
    image = c.Image()
    kind = media_type or mimetypes.guess_type(name)[0] or UNKNOWN
    c.lib.vitrine_file(image, encode_name(name), size, kind.encode("ascii", "replace"))
    return image


def sniff_type(data: bytes) -> str:
    """The media type of the usual image files, by their first bytes."""
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"),
                        (b"BM", "bmp"), (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"qoif", "qoi"),
                        (b"\xff\x0a", "jxl"), (b"\0\0\0\x0cJXL ", "jxl"), (b"gimp xcf ", "x-xcf"),
                        (b"P7\n", "x-portable-arbitrarymap"),
                        (b"/* XPM */", "x-xpixmap")):
        if data.startswith(magic):
            return "image/" + kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return "image/avif" if data[8:11] == b"avi" else "image/heic"
    if data[:1] == b"P" and data[1:2] in b"123456" and data[2:3].isspace():
        return "image/x-portable-anymap"
    if b"<svg" in data[:1024]:
        return "image/svg+xml"
    return UNKNOWN


def shape_order(shape: tuple[int, ...], order: Optional[str]) -> str:
    """The order of an array's components. An order of three letters fits grey and four components
    too. ValueError: not the shape of an image, or no such order.
    """
    if len(shape) == 2:
        components = 1
    elif len(shape) == 3 and shape[2] in (3, 4):
        components = shape[2]
    else:
        hint = ""
        if len(shape) == 3 and shape[0] in (1, 3, 4):
            hint = ": if it is (channels, H, W), give array.transpose(1, 2, 0)"
        raise ValueError(f"an array of shape {shape} is not an image: give (H, W), (H, W, 3) "
                         "or (H, W, 4)" + hint)
    found = (order or "RGB").upper()
    if found not in FORMATS:
        raise ValueError(f"no order of components is called {order!r}; {', '.join(FORMATS)} are")
    if found in ("RGB", "BGR"):
        return {1: "L", 3: found, 4: found + "A"}[components]
    if len(found) != components:
        raise ValueError(f"order {found!r} does not fit an array of shape {shape}")
    return found


# ---- arrays --------------------------------------------------------------------------------------

def as_array(image: c.Image, shape: tuple[int, ...], slot: memoryview) -> npt.NDArray[np.uint8]:
    """The slot that `image` describes as an array of `shape`."""
    import numpy as np
    array: npt.NDArray[np.uint8] = np.ndarray(
        shape, np.uint8, slot,
        strides=(image.pitch, shape[-1], 1) if len(shape) == 3 else (image.pitch, 1))
    return array


def _plan_array(array: npt.NDArray[Any], name: str, order: Optional[str],
                values: Values = Values()) -> Plan:
    from . import _arrays
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    found_order = shape_order(array.shape, order)
    _arrays.check_dtype(array, values.given)
    image = pixels(name, array.shape[1], array.shape[0], found_order)
    found = _arrays.range_of(array, values.vmin, values.vmax, values.normalize)
    if not values.given:
        _arrays.warn_of_floats(array)
    if _arrays.is_masked(array):
        array, found_order, found = _arrays.unmasked(array, found_order, found)
        image = pixels(name, array.shape[1], array.shape[0], found_order)

    def write(slot: memoryview) -> None:
        _arrays.store(image, _arrays.address(slot), array, found_order, found)
    return Plan(image, write)


# ---- without NumPy -------------------------------------------------------------------------------

def _plan_buffer(view: memoryview, name: str, order: Optional[str]) -> Plan:
    """A buffer with the shape of an image, contiguous, of bytes."""
    shape = view.shape or ()
    found = shape_order(shape, order)
    if view.format not in ("B", "<B", "=B", "@B") or not view.c_contiguous:
        raise ValueError(f"a buffer of format {view.format!r} that is not contiguous bytes needs "
                         "NumPy (python3-numpy)")
    image = pixels(name, shape[1], shape[0], found)
    return _plan_bytes(view.cast("B"), image)


def _plan_bytes(data: memoryview, image: c.Image) -> Plan:
    def write(slot: memoryview) -> None:
        slot[:] = data
    return Plan(image, write)


def _plan_pillow(picture: Any, name: str, values: Values) -> Plan:
    from ._pillow import MODES, to_sendable
    if has_numpy():
        import numpy as np
        picture = to_sendable(picture, values.given)
        return _plan_array(np.asarray(picture), name, None, values)
    if values.given:
        raise ImportError("vmin=, vmax= and normalize= need NumPy (python3-numpy)")
    picture = to_sendable(picture, False)
    order = MODES[picture.mode]
    image = pixels(name, picture.width, picture.height, order)
    return _plan_bytes(memoryview(picture.tobytes("raw", order)), image)


def _plan_list(image: Any, name: str, order: Optional[str], values: Values) -> Plan:
    """Lists of numbers, or of lists: whole numbers from 0 to 255 are bytes."""
    if not has_numpy():
        raise TypeError("a list needs NumPy (python3-numpy) to become an image")
    import numpy as np
    array = np.asarray(image)
    if array.dtype.kind in "iu" and array.size and not values.given \
            and array.min() >= 0 and array.max() <= 255:
        array = array.astype(np.uint8)
    return _plan_array(array, name, order, values)


def _plan_figure(figure: Any, name: Optional[str]) -> Plan:
    """A Figure of matplotlib, as it would be saved."""
    import numpy as np
    canvas = figure.canvas
    if not hasattr(canvas, "buffer_rgba"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        before, canvas = canvas, FigureCanvasAgg(figure)  # the figure has that canvas now
        figure.set_canvas(before)
    canvas.draw()
    array = np.array(canvas.buffer_rgba())  # a copy: the next draw() fills the same memory
    return _plan_array(array, name or figure.get_label() or "figure", None)


def _plan_own(image: Image, name: Optional[str]) -> Plan:
    """What came from a channel goes on as it is."""
    info, data = image.info, image.data
    if info.kind == "file":
        return _plan_bytes(data, file(name or info.name, len(data), info.media_type))
    described = c.Image()
    c.lib.vitrine_pixels(described, encode_name(name or info.name), info.width, info.height,
                         fourcc(info.format))
    described.pitch, described.size = info.pitch, len(data)
    return _plan_bytes(data, described)


def has_numpy() -> bool:
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    return True


# ---- files ---------------------------------------------------------------------------------------

def plan_file(data: memoryview, name: str, media_type: Optional[str] = None) -> Plan:
    """The bytes of a file, unchanged."""
    kind = media_type or mimetypes.guess_type(name)[0] or sniff_type(bytes(data[:1024]))
    return _plan_bytes(data, file(name, len(data), kind))


def plan_reading(opened: BinaryIO, size: int, name: str, media_type: Optional[str]) -> Plan:
    """`size` bytes of an open file, read straight into the slot."""
    image = file(name, size, media_type)

    def write(slot: memoryview) -> None:
        done = 0
        while done < size:
            got = opened.readinto(slot[done:])  # type: ignore[attr-defined]
            if not got:
                raise OSError(errno.EIO, f"the file shrank from {size} to {done} bytes while it "
                                         "was read", name)
            done += got
        if image.media_type == UNKNOWN.encode():
            image.media_type = sniff_type(bytes(slot[:1024])).encode()
    return Plan(image, write)


def _plan_image_file(data: memoryview, name: str, order: Optional[str], values: Values) -> Plan:
    """An image file: its pixels if Pillow is installed and gives all of them; otherwise its bytes,
    which windows decode. NumPy's own format is an array. ValueError: it is not an image.
    """
    if not data:
        raise ValueError(f"{name}: not an image: it is empty")
    if data[:len(NPY)] == NPY and has_numpy():
        from . import _arrays
        return _plan_array(_arrays.read_npy(bytes(data), name), name, order, values)
    try:
        from . import _pillow
    except ImportError:
        return plan_file(data, name)
    kind = sniff_type(bytes(data[:1024]))
    has_range = values.given
    picture = _pillow.decode(bytes(data), name, has_range,
                             "" if has_range or kind == UNKNOWN else kind)
    if picture is None:
        return _plan_bytes(data, file(name, len(data), kind))
    return _plan_pillow(picture, name, values)


def read_all(opened: Any, name: Optional[str]) -> tuple[bytes, str]:
    """An open binary file or BytesIO from its beginning, and its name. What cannot be rewound, such
    as a pipe, is read to its end.
    """
    if opened.seekable():
        opened.seek(0)
    data = opened.read()
    if isinstance(data, str):
        raise TypeError('a file of text is not an image: open it with mode "rb"')
    path = getattr(opened, "name", "")
    return data, name or (os.path.basename(path) if isinstance(path, str) else "") or "image"


# ---- what it is ----------------------------------------------------------------------------------

def _is_pillow(image: Any) -> bool:
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(image, module.Image)


def _figure_of(image: Any) -> Any:
    """The Figure of matplotlib that it is, or that it belongs to: of Axes, such as pandas' plot()
    gives, or of a grid of seaborn. None: it has none.
    """
    module = sys.modules.get("matplotlib.figure")
    figure = image if module is None or isinstance(image, module.Figure) \
        else getattr(image, "figure", None)
    return figure if module is not None and isinstance(figure, module.Figure) else None


def _is_array(image: Any) -> bool:
    return any(hasattr(image, name) for name in
               ("__array_interface__", "__array__", "__array_struct__"))


def plan(image: Any, name: Optional[str], order: Optional[str], values: Values = Values()) -> Plan:
    """Accepts everything that publish() accepts. ValueError or TypeError: it is not an image."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(image, numpy.ndarray):  # first: it is asked for most often
        return _plan_array(image, name or "array", order, values)
    if isinstance(image, Image) and not values.given:
        return _plan_own(image, name)
    if isinstance(image, (str, os.PathLike)):
        path = os.fsdecode(image)
        with open(path, "rb") as opened:
            return _plan_image_file(memoryview(opened.read()), name or os.path.basename(path),
                                    order, values)
    if hasattr(image, "read") and hasattr(image, "seekable"):
        data, name = read_all(image, name)
        return _plan_image_file(memoryview(data), name, order, values)
    if _is_pillow(image):
        path = getattr(image, "filename", "") or "image"
        return _plan_pillow(image, name or os.path.basename(os.fsdecode(path)), values)
    figure = _figure_of(image)
    if figure is not None:
        return _plan_figure(figure, name)
    if isinstance(image, (list, tuple)):
        return _plan_list(image, name or "array", order, values)
    if _is_array(image) and has_numpy():
        import numpy as np
        return _plan_array(np.asarray(image), name or "array", order, values)
    if hasattr(image, "__dlpack__") and has_numpy():
        import numpy as np
        return _plan_array(np.from_dlpack(image), name or "array", order, values)
    return _plan_view(image, name, order, values)


def _plan_view(image: Any, name: Optional[str], order: Optional[str], values: Values) -> Plan:
    """What has a buffer."""
    try:
        view = memoryview(image)
    except TypeError:
        raise TypeError(f"a {type(image).__name__} is not an image: give an array, a Pillow image, "
                        "a Figure, a path, an open file or the bytes of an image file") from None
    if view.ndim == 1:
        return _plan_image_file(view.cast("B"), name or "image", order, values)
    if has_numpy():
        import numpy as np
        return _plan_array(np.asarray(view), name or "array", order, values)
    return _plan_buffer(view, name or "array", order)
