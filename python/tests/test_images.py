"""What is an image, what becomes of it in the slot, what is refused before a slot is claimed."""
import ctypes
import io
import subprocess

import numpy as np
import pytest
import vitrine
from conftest import ipc_objects
from PIL import Image

SHAPES = [(7, 5), (7, 5, 3), (7, 5, 4), (1, 1), (1, 1, 4), (64, 48, 3)]


@pytest.fixture
def pair(key):
    with vitrine.Producer(key, slot_size=1 << 20, when_full="fail") as producer:
        with vitrine.Consumer(key, timeout=10) as consumer:
            yield producer, consumer


def arrive(pair, *arguments, **more):
    """What is read at the other end, as a private array."""
    producer, consumer = pair
    producer.publish(*arguments, **more)
    with consumer.take() as image:
        return image.array.copy()


def noise(shape, dtype=np.uint8):
    generator = np.random.default_rng(1)
    if np.dtype(dtype).kind == "f":
        return generator.random(shape).astype(dtype)
    return generator.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("shape", SHAPES)
def test_uint8_arrives_as_it_is(pair, shape):
    array = noise(shape)
    got = arrive(pair, array)
    assert got.shape == shape and got.dtype == np.uint8 and (got == array).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stride", [np.s_[::-1], np.s_[:, ::-1], np.s_[::2, ::3]])
def test_any_strides(pair, shape, stride):
    array = noise((shape[0] * 2, shape[1] * 3) + shape[2:])[stride]
    assert (arrive(pair, array) == array).all()
    wrong_way = np.asfortranarray(array)
    assert (arrive(pair, wrong_way) == array).all()


def test_read_only_and_broadcast_arrays(pair):
    array = np.broadcast_to(np.uint8(7), (9, 9))
    assert (arrive(pair, array) == 7).all()
    assert arrive(pair, noise((9, 9, 1))).shape == (9, 9)


@pytest.mark.parametrize("dtype", ["<u2", ">u2"])
@pytest.mark.parametrize("shape", SHAPES)
def test_uint16_goes_by_its_high_byte(pair, shape, dtype):
    array = noise(shape, np.uint16).astype(dtype)
    assert (arrive(pair, array) == (array >> 8)).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f8"])
@pytest.mark.parametrize("shape", SHAPES)
def test_floats_are_scaled_and_rounded(pair, shape, dtype):
    array = noise(shape, np.float64).astype(dtype)
    exact = np.promote_types(array.dtype, np.float32).newbyteorder("=")
    expected = np.floor(np.multiply(array, 255, dtype=exact) + exact.type(0.5))
    assert (arrive(pair, array) == expected).all()


def test_floats_out_of_range(pair):
    array = np.array([[-1, -0.0, 0.5, 1, 1.001, 1e30, np.inf, -np.inf, np.nan]])
    with np.errstate(all="raise"):
        got = arrive(pair, array)
    assert got.tolist() == [[0, 0, 128, 255, 255, 255, 255, 0, 0]]


def test_bool(pair):
    assert arrive(pair, np.array([[True, False]])).tolist() == [[255, 0]]


@pytest.mark.parametrize("order, channels", [
    ("BGR", 3), ("BGRA", 4), ("RGBA", 4), ("RGBX", 4), ("BGRX", 4), ("RGB", 3)])
def test_orders(pair, order, channels):
    array = noise((6, 5, channels))
    producer, consumer = pair
    producer.publish(array, order=order)
    with consumer.take() as image:
        wanted = [order.index(letter) for letter in ("RGBA" if "A" in order else "RGB")]
        assert (image.array == array[..., wanted]).all()
        assert not image.array.flags.writeable
        assert image.info.order == order and (image.raw == array).all()
        assert (np.asarray(image.to_pillow()) == array[..., wanted]).all()
        assert (image.copy().array == array[..., wanted]).all()


@pytest.mark.parametrize("array, words", [
    (np.zeros((3, 3, 2)), "(3, 3, 2)"), (np.zeros(4), "(4,)"), (np.zeros((2, 2, 3, 3)), "shape"),
    (np.zeros((0, 4)), "4 x 0 pixels"), (np.zeros((3, 3), np.int32), "int32"),
    (np.zeros((3, 3), np.int8), "int8"), (np.zeros((3, 3), complex), "complex128"),
    (np.zeros((3, 3), object), "object"), (np.zeros((3, 3), "M8[s]"), "datetime64"),
    (np.zeros((1, 1 << 25), np.uint8), "33554432 x 1"), (b"no image at all", "not an image"),
    (b"", "not an image"), (b"\x89PNG\r\n\x1a\n", "not an image"),
    (Image.new("I", (2, 2)), "mode I"),
])
def test_what_is_no_image_is_a_value_error(pair, key, array, words):
    producer, _ = pair
    before = vitrine.status(key)
    with pytest.raises(ValueError) as refused:
        producer.publish(array)
    assert words in str(refused.value)
    assert vitrine.status(key) == before, "something was touched"


def test_wrong_arguments(pair, tmp_path):
    producer, _ = pair
    with pytest.raises(TypeError, match="a int is not an image"):
        producer.publish(5)
    with pytest.raises(ValueError, match="no order"):
        producer.publish(np.zeros((3, 3, 3)), order="HSV")
    with pytest.raises(ValueError, match="does not fit"):
        producer.publish(np.zeros((3, 3, 3)), order="BGRA")
    with pytest.raises(FileNotFoundError):
        producer.publish(tmp_path / "nothing.png")
    with pytest.raises(ValueError, match="when_full"):
        producer.publish(np.zeros((3, 3)), when_full="explode")
    with pytest.raises(ValueError, match="time-?out"):
        producer.publish(np.zeros((3, 3)), timeout=-1)
    with pytest.raises(ValueError, match="shape"):
        producer.claim((3,))


def test_too_large_names_both_sizes(pair, key):
    producer, _ = pair
    before = vitrine.status(key)
    with pytest.raises(vitrine.TooLarge) as refused:
        producer.publish(np.zeros((1024, 1024, 4), np.uint8))
    assert (refused.value.size, refused.value.slot_size) == (4 << 20, 1 << 20)
    assert "4 MiB" in str(refused.value) and "1 MiB" in str(refused.value)
    assert vitrine.status(key) == before
    with pytest.raises(vitrine.TooLarge) as refused:
        vitrine.Consumer(key, slot_size=1 << 30)
    assert (refused.value.size, refused.value.slot_size) == (1 << 30, 1 << 20)


@pytest.mark.parametrize("mode, expected", [
    ("L", "L"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("1", "L"), ("P", "RGB"), ("LA", "RGBA"),
    ("CMYK", "RGB"), ("YCbCr", "RGB"), ("HSV", "RGB")])
def test_pillow_images(pair, mode, expected):
    source = Image.fromarray(noise((6, 5, 3))).convert(mode)
    assert (arrive(pair, source) == np.asarray(source.convert(expected))).all()


def test_sixteen_bits_of_pillow(pair):
    array = noise((6, 5), np.uint16)
    assert (arrive(pair, Image.fromarray(array)) == array >> 8).all()


def test_paths_and_bytes_of_files(pair, tmp_path):
    array = noise((6, 5, 3))
    path = tmp_path / "böse %#.png"
    Image.fromarray(array).save(path)
    for what in (path, str(path), path.read_bytes(), memoryview(path.read_bytes())):
        assert (arrive(pair, what) == array).all()
    pair[0].publish(path)
    with pair[1].take() as image:
        assert image.name == path.name


def test_photos_stand_upright(pair):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    Image.new("RGB", (20, 10)).save(file, "JPEG", exif=exif)
    assert arrive(pair, file.getvalue()).shape == (20, 10, 3)


def test_a_file_stays_a_file(pair, tmp_path):
    array = noise((6, 5, 3))
    path = tmp_path / "a.png"
    Image.fromarray(array).save(path)
    pair[0].publish_file(path, md5=True)
    with pair[1].take() as image:
        assert bytes(image.data) == path.read_bytes() and image.verify() is True
        assert (image.info.kind, image.info.media_type) == ("file", "image/png")
        assert (image.array == array).all()
        with pytest.raises(ValueError):
            image.raw
    with open(path, "rb") as opened:
        opened.seek(4)
        pair[0].publish_file(opened, "rest")
    pair[0].publish_file(b"text", "a.txt")
    with pair[1].take() as image:
        assert bytes(image.data) == path.read_bytes()[4:]
    with pytest.raises(ValueError, match="not an image"):
        with pair[1].take() as image:
            image.array
    with pair[1].take() as image:  # the exception gave it back
        assert image.info.media_type == "text/plain" and image.verify() is None


@pytest.mark.parametrize("order", ["NV12", "YU12"])
@pytest.mark.parametrize("height", [3, 721])
def test_video(pair, order, height):
    """Red beside white, of sides that are not even, by either matrix."""
    from vitrine import _library, _pixels
    width, rows = 5, (height + 1) // 2
    y, u, v = (81, 90, 240) if height < 720 else (63, 102, 240)
    chroma = np.array([[u, u, 128], [v, v, 128]], np.uint8)
    planes = np.repeat(chroma[:, None], rows, axis=1)
    luma = np.repeat(np.array([[y] * 4 + [235]], np.uint8), height, axis=0)
    payload = luma.tobytes() + (planes.transpose(1, 2, 0) if order == "NV12" else planes).tobytes()
    image = _library.Image()
    _library.lib.vitrine_pixels(image, b"film", width, height, _pixels.fourcc(order))
    assert image.size == len(payload)

    def write(slot):
        slot[:len(payload)] = payload

    pair[0]._send(_pixels.Plan(image, write), None, None, False)
    with pair[1].take() as taken:
        assert bytes(taken.data) == payload
        assert taken.array.shape == (height, width, 3)
        assert np.abs(taken.array[:, 0].astype(int) - [255, 0, 0]).max() <= 2
        assert (taken.array[:, 4] == 255).all()
        assert taken.to_pillow().getpixel((4, height - 1)) == (255, 255, 255)
        with pytest.raises(ValueError, match=order):
            taken.raw
        taken.release()


def test_live(pair, key):
    """Frames are marked, and never wait; files of the same producer are files."""
    with vitrine.Producer(key, live=True) as producer:
        for i in range(9):
            producer.publish(np.full((2, 2), i / 8))
        with producer.claim((2, 2)) as slot:
            slot.array[...] = 7
        producer.publish_file(b"text", "a.txt")
    kinds = []
    while vitrine.status(key).full.value:
        with pair[1].take() as image:
            kinds.append((image.info.kind, image.info.media_type))
    assert kinds == [("pixels", "video/x-raw")] * 3 + [("file", "text/plain")]


@pytest.mark.parametrize("name, expected", [
    ("grey", "grey"), ("loss 1/2", "loss 1%2F2"), ("ä€😀", "ä€😀"), ("a\nb\0c", "a%0Ab%00c"),
    ("\udc80", "%80"), ("x" * 300, "x" * 255), (None, "array"), ("../../etc", "..%2F..%2Fetc")])
def test_names(pair, name, expected):
    pair[0].publish(np.zeros((2, 2)), name)
    with pair[1].take() as image:
        assert image.name == expected


def test_things_that_numpy_can_look_at(pair):
    class Tensor:
        def __array__(self, dtype=None):
            return np.full((3, 3), 9, np.uint8)
    assert (arrive(pair, Tensor()) == 9).all()
    shaped = memoryview(bytes(range(12))).cast("B", (2, 2, 3))
    assert (arrive(pair, shaped).ravel() == np.arange(12)).all()


def test_a_copy_of_what_was_overwritten_is_refused(key):
    """With mode 0644 others may change the semaphores: as if nobody read the slot."""
    semctl = ctypes.CDLL(None).semctl
    with vitrine.Producer(key, slots=2) as producer, vitrine.Consumer(key) as consumer:
        for level in range(2):
            producer.publish(np.full((2, 2), level, np.uint8))
        with pytest.raises(vitrine.Damaged):
            with consumer.take() as image:
                assert image.copy().array.max() == 0
                semid = int(ipc_objects(key)["sem"])
                reader, empty, setval = 8 + 4 * image.info.slot + 3, 1, 16
                assert semctl(semid, reader, setval, 0) == 0
                assert semctl(semid, empty, setval, 1) == 0
                producer.publish(np.full((2, 2), 2, np.uint8))
                image.copy()
    for kind, identity in ipc_objects(key).items():  # what waits, and with a set like that
        subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", identity], check=True)


@pytest.mark.parametrize("head, kind", [
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
    (b"\0\0\0\x18ftypmif1\0\0\0\0", "image/heic"),
    (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"), (b"\xff\x0a\xfa\x7f", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"), (b"gimp xcf file\0", "image/x-xcf"),
    (b"II*\0\x08\0\0\0\0\0", "image/tiff")])
def test_files_that_pillow_does_not_read_go_as_they_are(pair, head, kind):
    """Windows decode them."""
    producer, consumer = pair
    producer.publish(head + bytes(99), "photo")
    with consumer.take() as image:
        assert (image.info.media_type, bytes(image.data)) == (kind, head + bytes(99))


@pytest.mark.parametrize("mode, kind, more", [
    ("RGB", "JPEG", {"icc_profile": b"colours of a phone"}), ("CMYK", "JPEG", {}),
    ("RGB", "PNG", {"icc_profile": b"colours of a phone"}),
    ("CMYK", "TIFF", {}), ("RGB", "WEBP", {"icc_profile": b"colours of a phone"})])
def test_files_of_other_colours_go_as_they_are(pair, mode, kind, more):
    """Windows convert them to sRGB; Pillow's pixels would look pale."""
    producer, consumer = pair
    whole = io.BytesIO()
    Image.new(mode, (8, 8)).save(whole, kind, **more)
    producer.publish(whole.getvalue(), "photo")
    with consumer.take() as image:
        assert bytes(image.data) == whole.getvalue()


def test_cut_file_goes_as_it_is(pair):
    producer, consumer = pair
    whole = io.BytesIO()
    Image.fromarray(noise((64, 64, 3))).save(whole, "JPEG")
    producer.publish(whole.getvalue()[:-500], "cut.jpg")
    with consumer.take() as image:
        assert image.info.media_type == "image/jpeg"


@pytest.mark.parametrize("data", [b"hello", bytearray(b"hello"), io.BytesIO(b"hello")])
def test_what_is_no_image_is_told_by_its_bytes(pair, data):
    with pytest.raises(ValueError, match=r"it begins with b'hello'.*publish_file") as refused:
        pair[0].publish(data)
    assert "0x" not in str(refused.value)
    with pytest.raises(ValueError, match="empty"):
        pair[0].publish(b"", "empty")


def test_wrong_arguments_are_named(pair, key):
    for name in (5, b"x"):
        with pytest.raises(TypeError, match="name="):
            pair[0].publish(noise((2, 2)), name=name)
    for argument in ("slots", "slot_size", "mode"):
        with pytest.raises(TypeError, match=argument + "='4'"):
            vitrine.Producer(key, **{argument: "4"})


def test_dlpack(pair):
    array = noise((7, 5, 3))

    class Tensor:
        def __dlpack__(self, **_):
            return array.__dlpack__()

        def __dlpack_device__(self):
            return array.__dlpack_device__()

    assert (arrive(pair, Tensor()) == array).all()


def test_axes_are_their_figure(pair):
    """What pandas' plot() returns."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(2, 1), dpi=50)
    try:
        assert arrive(pair, axes).shape == arrive(pair, figure).shape == (50, 100, 4)
    finally:
        pyplot.close(figure)
