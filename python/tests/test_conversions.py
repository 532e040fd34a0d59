"""Numbers beside NumPy: every dtype and layout in every format, both ways; what OpenCV, Pillow and
matplotlib take and give."""
import asyncio
import io
import os
import pickle
import warnings

import numpy as np
import pytest
import vitrine
from test_images import arrive, noise, pair  # noqa: F401, a fixture
from PIL import Image

from vitrine import _arrays, _library as c
from vitrine._image import FORMATS, fourcc

ORDERS = ["L", "RGB", "BGR", "RGBX", "BGRX", "RGBA", "BGRA"]
DTYPES = [np.uint8, np.uint16, np.float32, np.float64]
LAYOUTS = {"packed": np.s_[:], "rows": np.s_[::2], "upside down": np.s_[::-1],
           "columns": np.s_[:, ::3], "mirrored": np.s_[:, ::-1], "components": np.s_[..., ::-1]}


def bytes_of(array):
    """What NumPy makes of an array of an accepted dtype."""
    if array.dtype == np.uint16:
        return (array >> 8).astype(np.uint8)
    if array.dtype.kind == "f":
        return np.floor(array * array.dtype.type(255) + array.dtype.type(0.5)).astype(np.uint8)
    return array


def grey_of(rgb):
    return (rgb[..., :3].astype(int) @ [19595, 38470, 7471] + 32768 >> 16).astype(np.uint8)


def rgba_of(array, order):
    """(H, W, 4) of any order; alpha is 255 where there is none."""
    if order == "L":
        array, order = array[..., None].repeat(3, axis=2), "RGB"
    full = np.full(array.shape[:2] + (4,), 255, np.uint8)
    for i, letter in enumerate("RGBA" if "A" in order else "RGB"):
        full[..., i] = array[..., order.index(letter)]
    return full


def into(rgba, order):
    """The same in another order; X is 255."""
    if order == "L":
        return grey_of(rgba)
    return np.stack([np.full(rgba.shape[:2], 255, np.uint8) if letter == "X"
                     else rgba[..., "RGBA".index(letter)] for letter in order], axis=2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("source", ["L", "RGB", "BGR", "RGBA"])
def test_every_dtype_and_layout_in_every_format(dtype, layout, source):
    sides = (14, 33) if source == "L" else (14, 33, len(source))
    array = noise(sides, dtype)[LAYOUTS[layout]]
    for order in ORDERS:
        height, width = array.shape[:2]
        image = c.Image()
        c.lib.vitrine_pixels(image, b"", width, height, fourcc(FORMATS[order]))
        shape = (height, width) + (() if order == "L" else (len(order),))
        memory = np.empty(shape, np.uint8)
        where = image.data = memory.ctypes.data
        _arrays.store(image, where, array, source)
        same = source == order
        wanted = bytes_of(array) if same else into(rgba_of(bytes_of(array), source), order)
        assert (memory == wanted).all(), order
        for back in ("L", "RGB", "BGR", "RGBA"):
            out = np.zeros(sides[:2] + (() if back == "L" else (len(back),)), dtype)
            out = out[:height, :width] if layout == "packed" else np.zeros(
                (height * 2, width * 3) + out.shape[2:], dtype)[::2, ::-3]
            _arrays.load(image, out, back)
            read = wanted if back == order else into(rgba_of(wanted, order), back)
            if dtype == np.uint16:
                read = read * np.uint16(257)
            elif np.dtype(dtype).kind == "f":
                read = read / dtype(255)
            assert (out == read).all(), (order, back)


def test_packed_copies_for_opencv(pair):
    cv2 = pytest.importorskip("cv2", reason="not installed: python3-opencv")
    producer, consumer = pair
    array = noise((40, 60, 3))
    for order in ("RGB", "BGR"):
        producer.publish(array, order=order)
        with consumer.take() as image:
            copy = image.copy().array
            bgr, grey = image.bgr(), image.gray()
            reused = np.empty((40, 60, 3), np.uint8)
            assert image.rgb(out=reused) is reused and (reused == copy).all()
        assert (bgr == (array if order == "BGR" else array[..., ::-1])).all()
        assert np.abs(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(int) - grey).max() <= 1
        cv2.circle(copy, (5, 5), 3, (1, 2, 3))
        cv2.circle(bgr, (5, 5), 3, (1, 2, 3))
    with producer.claim((40, 60, 3), order="bgr") as slot:
        slot.array[...] = 0
        cv2.circle(slot.array, (20, 20), 9, (1, 2, 3), -1)
    with consumer.take() as image:
        assert image.array[20, 20].tolist() == [3, 2, 1]
        with pytest.raises(ValueError, match="out="):
            image.rgb(out=np.empty((40, 60), np.uint8))
        with pytest.raises(ValueError, match="out="):
            image.rgb(out=np.empty((40, 60, 3), np.int32))


@pytest.mark.parametrize("order", ["BGR", "bgr", "Bgr"])
def test_an_order_of_three_fits_all_shapes(pair, order):
    producer, consumer = pair
    for components, name in ((1, "L"), (3, "BGR"), (4, "BGRA")):
        array = noise((6, 5, components)) if components > 1 else noise((6, 5))
        producer.publish(array, order=order)
        with consumer.take() as image:
            assert image.info.order == name and (image.raw == array).all()


def test_video_beside_opencv(pair):
    cv2 = pytest.importorskip("cv2", reason="not installed: python3-opencv")
    from vitrine import _pixels
    planes = np.random.default_rng(3).integers(16, 236, (48 * 3 // 2, 64), np.uint8)
    for code, conversion in (("YU12", cv2.COLOR_YUV2RGB_I420), ("NV12", cv2.COLOR_YUV2RGB_NV12)):
        image = c.Image()
        c.lib.vitrine_pixels(image, b"film", 64, 48, fourcc(code))
        pair[0]._send(_pixels._plan_bytes(memoryview(planes).cast("B"), image), None, None, False)
        with pair[1].take() as taken:
            assert np.abs(cv2.cvtColor(planes, conversion).astype(int) - taken.rgb()).max() <= 2


# ---- ranges ----------------------------------------------------------------------------------

def test_vmin_and_vmax(pair):
    depth = np.array([[0, 2000, 5000, 60000]], np.uint16)
    assert arrive(pair, depth, vmin=0, vmax=5000).tolist() == [[0, 102, 255, 255]]
    assert arrive(pair, depth, vmax=5000).tolist() == [[0, 102, 255, 255]]
    assert arrive(pair, np.array([[-5.0, 0, 5]]), vmin=-5, vmax=5).tolist() == [[0, 128, 255]]
    assert arrive(pair, np.array([[0, 255]], np.uint8), vmin=255, vmax=0).tolist() == [[255, 0]]
    for dtype in (np.int64, np.int32, np.uint32, np.int8):
        assert arrive(pair, np.array([[0, 40, 100]], dtype), vmin=0, vmax=100).tolist() == \
            [[0, 102, 255]]
    for wrong in ({"vmin": 1, "vmax": 1}, {"vmax": float("nan")}, {"vmin": 0, "normalize": True}):
        with pytest.raises(ValueError):
            pair[0].publish(depth, **wrong)
    with pytest.raises(ValueError, match="fourth"):
        pair[0].publish(noise((3, 3, 4)), vmax=3)


def test_normalize(pair):
    assert arrive(pair, np.array([[3, 4, 5]]), normalize=True).tolist() == [[0, 128, 255]]
    array = np.array([[np.nan, 7.0, np.inf, 8.0]])
    assert arrive(pair, array, normalize=True).tolist() == [[0, 0, 255, 255]]
    assert arrive(pair, np.full((1, 2), 9.0), normalize=True).tolist() == [[0, 0]]


def test_floats_above_one_are_warned_of(pair):
    with pytest.warns(UserWarning, match="above 1") as said:
        arrive(pair, np.full((50, 60), 100.0))
    assert len(said) == 1 and said[0].filename.endswith("test_images.py")  # the caller
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fine in (noise((50, 60), np.float32), np.full((5, 5), 255, np.uint8)):
            arrive(pair, fine)
        arrive(pair, np.full((5, 5), 100.0), vmax=200)


@pytest.mark.parametrize("array, cure", [
    (np.zeros((2, 2), np.int64), "astype(np.uint8)"), (np.zeros((3, 9, 9)), "transpose(1, 2, 0)"),
    (np.zeros((1, 9, 9)), "transpose(1, 2, 0)"), (Image.new("I", (2, 2)), "normalize=True")])
def test_refusals_name_the_cure(pair, array, cure):
    with pytest.raises(ValueError) as refused:
        pair[0].publish(array)
    assert cure in str(refused.value)


def test_masked_pixels_are_transparent(pair):
    array = np.ma.masked_equal(np.array([[10, 20, 30]], np.uint8), 20)
    assert arrive(pair, array).tolist() == [[[10] * 3 + [255], [20] * 3 + [0], [30] * 3 + [255]]]
    assert arrive(pair, np.ma.array([[0, 9]], mask=False, dtype=np.uint8)).tolist() == [[0, 9]]
    colours = np.ma.array(noise((4, 5, 3)), mask=False)
    colours[1, 2, 0] = np.ma.masked
    got = arrive(pair, colours, order="bgr")
    assert (got[..., :3] == colours.data[..., ::-1]).all()
    assert got[1, 2, 3] == 0 and (got[..., 3] == 0).sum() == 1
    outlier = np.ma.masked_greater(np.array([[0.0, 10, 1e9]]), 100)
    assert arrive(pair, outlier, normalize=True)[0, :, 0].tolist() == [0, 255, 255]


# ---- what people have in hand ----------------------------------------------------------------

def test_lists(pair):
    assert arrive(pair, [[0, 128, 255]]).tolist() == [[0, 128, 255]]
    assert arrive(pair, [[0.0, 0.5], [1.0, 2.0]]).tolist() == [[0, 128], [255, 255]]
    assert arrive(pair, [[(1, 2, 3), (4, 5, 6)]]).tolist() == [[[1, 2, 3], [4, 5, 6]]]
    with pytest.raises(ValueError, match="astype"):
        pair[0].publish([[0, 256]])


def test_open_files_are_read_from_their_beginning(pair, tmp_path):
    array = noise((6, 5, 3))
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")  # its position is its end
    assert (arrive(pair, file) == array).all()
    path = tmp_path / "a.png"
    path.write_bytes(file.getvalue())
    with open(path, "rb") as opened:
        opened.read(7)
        pair[0].publish(opened)
    with pair[1].take() as image:
        assert image.name == "a.png" and (image.array == array).all()
    with pytest.raises(ValueError, match=r"seek\(0\)"):
        pair[0].publish_file(file)
    with open(__file__) as text, pytest.raises(TypeError, match="rb"):
        pair[0].publish(text)


def test_figures(pair):
    matplotlib = pytest.importorskip("matplotlib", reason="not installed: python3-matplotlib")
    matplotlib.use("Agg")
    from matplotlib.figure import Figure
    figure = Figure(figsize=(2, 1), dpi=50)
    figure.patch.set_facecolor("red")
    got = arrive(pair, figure)
    assert got.shape == (50, 100, 4) and got[0, 0].tolist() == [255, 0, 0, 255]


def test_an_image_goes_on_as_it_is(pair, tmp_path):
    producer, consumer = pair
    producer.publish(noise((6, 5, 3)), "first", order="BGR")
    with consumer.take() as image:
        producer.publish(image)
        producer.publish(image.copy(), "second")
        wanted, raw = image.array.copy(), bytes(image.data)
    for name in ("first", "second"):
        with consumer.take() as image:
            assert (image.name, image.info.order, bytes(image.data)) == (name, "BGR", raw)
            assert (image.array == wanted).all()
    producer.publish_file(b"text", "a.txt")
    with consumer.take() as image:
        producer.publish(image)
    with consumer.take() as image:
        assert (bytes(image.data), image.info.media_type) == (b"text", "text/plain")


def test_modes_of_pillow(pair):
    deep = noise((6, 5), np.uint16)
    for mode, code in (("I;16", "<u2"), ("I;16B", ">u2")):
        picture = Image.frombytes(mode, (5, 6), deep.astype(code).tobytes())
        assert (arrive(pair, picture) == deep >> 8).all()
    floats = noise((6, 5), np.float32)
    assert (arrive(pair, Image.fromarray(floats)) == bytes_of(floats)).all()
    whole = Image.fromarray(np.array([[-7, 0, 7]], np.int32))
    assert arrive(pair, whole, normalize=True).tolist() == [[0, 128, 255]]
    premultiplied = Image.fromarray(noise((6, 5, 2)), "LA").convert("La")
    assert arrive(pair, premultiplied).shape == (6, 5, 4)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>'


def test_what_pillow_would_spoil_goes_as_a_file(pair, tmp_path):
    deep = noise((6, 5), np.uint16)
    png, tiff = io.BytesIO(), io.BytesIO()
    Image.fromarray(deep).save(png, "PNG")
    Image.frombytes("I;16B", (5, 6), deep.astype(">u2").tobytes()).save(tiff, "TIFF")
    for data, kind in (
            (png.getvalue(), "image/png"), (tiff.getvalue(), "image/tiff"), (SVG, "image/svg+xml"),
            (b"P5 1 1 65535\n\1\2", "image/x-portable-anymap"),
            (b"qoif" + bytes(10), "image/qoi")):
        pair[0].publish(data)
        with pair[1].take() as image:
            assert (image.info.kind, image.info.media_type) == ("file", kind)
            assert bytes(image.data) == data
    assert (arrive(pair, png, vmin=0, vmax=65535) == np.floor(deep / np.float32(257) + 0.5)).all()


# ---- images as values ------------------------------------------------------------------------

def test_numpy_jupyter_and_pickle_take_an_image(pair):
    producer, consumer = pair
    array = noise((6, 5, 3))
    producer.publish(array)
    with consumer.take() as image:
        assert (np.asarray(image) == array).all()
        assert np.array(image, np.float32).dtype == np.float32
        copy = pickle.loads(pickle.dumps(image))
        shown = image._repr_png_()
    assert (copy.array == array).all() and copy.info == image.info and copy.array.flags.writeable
    assert (np.asarray(Image.open(io.BytesIO(shown))) == array).all()
    producer.publish_file(b"text", "a.txt")
    with consumer.take() as image:
        assert image._repr_png_() is None
    for open_object in pair:
        with pytest.raises(TypeError, match="in the process that uses it"):
            pickle.dumps(open_object)


def test_async_for(pair, key):
    producer, consumer = pair

    async def publish():
        for i in range(3):
            producer.publish(np.full((2, 2), i, np.uint8))
            await asyncio.sleep(0.02)

    async def run():
        seen = []
        task = asyncio.ensure_future(publish())
        async for image in consumer:
            seen.append(int(image.array[0, 0]))
            if len(seen) == 3:
                break
        await task
        return seen
    assert asyncio.run(run()) == [0, 1, 2]
    with vitrine.Consumer(key, timeout=0.05) as hurried:
        async def wait():
            async for _ in hurried:
                pass
        producer.publish(np.zeros((2, 2)))
        consumer._release()
        with consumer.take():
            with pytest.raises(vitrine.Timeout):
                asyncio.run(wait())
