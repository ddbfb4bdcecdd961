#!/usr/bin/env python3
"""Makes quantization.json: what the reference packs numbers into, and how far off it is.

Run by hand: make_quantization_goldens.py LIBGGML, the path of llama.cpp's libggml-base.so (the npm package node-llama-cpp
brings one). The simple types are the gguf package's, byte for byte; of the K types, whose packing is a search, the error counts.
"""

import ctypes
import json
import pathlib
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

OUT = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "quantization.json"
ROWS, COLUMNS = 64, 1024


def sample(count):
    """The numbers of the test too: sums of four uniform ones from a linear congruence, so nearly normal."""
    state, values = 1, np.empty(count)
    for i in range(count):
        total = 0
        for _ in range(4):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            total += state >> 40
        values[i] = total / 2**24 - 2
    return values.astype(np.float32)


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    library.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + [ctypes.c_int64] * 3 + [
        ctypes.c_void_p
    ]
    values = sample(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    golden = {"bytes": {}, "errors": {}}
    for kind in (Type.F16, Type.BF16, Type.Q4_0, Type.Q5_0, Type.Q8_0):
        golden["bytes"][kind.name] = gguf.quants.quantize(values[0, :256], kind).tobytes().hex()
    for kind in (Type.Q4_0, Type.Q5_0, Type.Q8_0, Type.Q4_K, Type.Q6_K):
        block, size = gguf.GGML_QUANT_SIZES[kind]
        packed = np.zeros((ROWS, COLUMNS // block * size), dtype=np.uint8)
        library.ggml_quantize_init(int(kind))
        library.ggml_quantize_chunk(int(kind), values.ctypes.data, packed.ctypes.data, 0, ROWS, COLUMNS, None)
        unpacked = gguf.quants.dequantize(packed, kind)
        golden["errors"][kind.name] = float(np.sqrt(np.mean((unpacked - values) ** 2)))
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


main()
