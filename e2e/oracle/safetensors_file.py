"""A small reader and writer of the safetensors container, float32 and int64 only.

Layout: a little-endian u64 with the header's length, the header (JSON, padded with spaces to 8 bytes), the data.
"""
import json
import struct

import numpy as np

DTYPES = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}


def dtype_name(array):
    for name, dtype in DTYPES.items():
        if array.dtype == dtype:
            return name
    raise TypeError(f"dtype {array.dtype} is not one of {', '.join(DTYPES)}")


def write(path, tensors, metadata):
    """Writes `tensors` (name -> numpy array) and `metadata` (str -> str), in the order given."""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        array = np.asarray(tensor, order="C")  # ascontiguousarray would turn a scalar into one row
        data = array.tobytes()
        header[name] = {
            "dtype": dtype_name(array),
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        file.writelines(chunks)


def read(path):
    """Gives (tensors, metadata) of a file that `write` made."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        flat = np.frombuffer(data[start:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata
