#!/usr/bin/env python3
"""Known answers for the arithmetic kernels, from Python's integers alone.

    arithmetic_vectors.py            writes arithmetic.json beside this file
    arithmetic_vectors.py --check    exits 1 unless the file is what this script writes

Read by the Swift tests and by the C driver in Tests/Arm64. Inputs come from SHA-256 in counter mode, so every run gives
the same file. Numbers are hexadecimal strings.
"""

import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


class Draw:
    """A stream of integers from a label."""

    def __init__(self, label):
        self.label, self.counter = label, 0

    def bits(self, count):
        out = b""
        while len(out) * 8 < count:
            out += hashlib.sha256(f"{self.label}/{self.counter}".encode()).digest()
            self.counter += 1
        return int.from_bytes(out, "little") % (1 << count)

    def below(self, bound):
        return self.bits(bound.bit_length() + 64) % bound


def moduli():
    """Names and odd moduli: full, sparse and dense at every width, small ones, and widths between."""
    for bits in (1024, 1536, 2048, 3072):
        draw = Draw(f"modulus {bits}")
        yield f"random {bits}", draw.bits(bits) | 1 << (bits - 1) | 1
        yield f"all ones {bits}", (1 << bits) - 1
        yield f"top limb all ones {bits}", ((1 << 64) - 1) << (bits - 64) | draw.bits(bits - 128) | 1
        yield f"sparse {bits}", 1 << (bits - 1) | 1
    yield "smallest", 3
    yield "toy 8", 15 * 17
    yield "toy 16", 251 * 241
    yield "toy 64", (1 << 64) - 59
    yield "word and a bit", (1 << 65) - 49
    yield "between 700", Draw("modulus 700").bits(700) | 1 << 699 | 1
    yield "between 1537", Draw("modulus 1537").bits(1537) | 1 << 1536 | 1
    yield "between 2049", Draw("modulus 2049").bits(2049) | 1 << 2048 | 1


def values(draw, modulus, count):
    """`count` values below the modulus, the edges among them."""
    edges = [0, 1, modulus - 1, modulus // 2]
    return (edges + [draw.below(modulus) for _ in range(max(1, count - len(edges)))])[-count:]


def case(name, n):
    draw = Draw(name)
    square = n * n
    # One group of eight and a rest where numbers are short; a part of a group where they are long.
    count = 9 if n.bit_length() <= 700 else 3
    a, b = values(draw, square, count), list(reversed(values(draw, square, count)))
    m = values(draw, n, count)
    exponent = draw.bits(41) | 1
    exponents = [draw.bits(37) for _ in range(count)]
    wide = [draw.below(min(square * square, 1 << 8 * n.bit_length())) for _ in range(count)]
    weights = [draw.below(square) for _ in range(3)]
    digits = [draw.below(n) for _ in range(3 * count)]
    sums = [sum(weights[j] * digits[3 * i + j] for j in range(3)) for i in range(count)]
    chain = a[-1]
    for _ in range(50):
        chain = chain * chain % square * b[0] % square
    return {
        "name": name,
        "n": n,
        "a": a,
        "b": b,
        "m": m,
        "exponent": exponent,
        "exponents": exponents,
        "wide": wide,
        "weights": weights,
        "digits": digits,
        "product": [x * y % square for x, y in zip(a, b)],
        "square": [x * x % square for x in a],
        "power": [pow(x, exponent, square) for x in a],
        "powers": [pow(x, e, square) for x, e in zip(a, exponents)],
        "fixedBase": [pow(b[-2], e, square) for e in exponents],
        "onePlus": [x * (1 + y * n) % square for x, y in zip(a, m)],
        "entered": [x % square for x in wide],
        "sum": [x % square for x in sums],
        "plainProduct": [x * y % n for x, y in zip(a, b)],
        "plainPower": [pow(x, exponent, n) for x in a],
        "plainSum": [x % n for x in sums],
        "chain": chain,
    }


def self_test():
    """The answers in Sources/Arithmetic/Kernels/KernelSelfTest.swift."""
    out = []
    for bits in (1024, 1536, 2048, 3072):
        n = (1 << bits) - 105
        x = n * n - (1 << bits // 2) - 12345
        out.append({"bits": bits, "answer": pow(x, 65537, n * n) % ((1 << 64) - 59)})
    return out


def hexadecimal(value):
    if isinstance(value, int):
        return format(value, "x")
    return [format(v, "x") for v in value] if isinstance(value, list) else value


def render():
    cases = [case(name, n) for name, n in moduli()]
    as_text = [{key: hexadecimal(value) for key, value in c.items()} for c in cases]
    answers = [{"bits": a["bits"], "answer": hexadecimal(a["answer"])} for a in self_test()]
    document = json.dumps({"cases": as_text, "selfTest": answers}, separators=(",\n", ":")) + "\n"
    return {"arithmetic.json": document}


def main():
    files = render()
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in files.items()
                 if not (HERE / name).exists() or (HERE / name).read_text() != text]
        for name in stale:
            print(f"{name} is not what arithmetic_vectors.py writes", file=sys.stderr)
        return 1 if stale else 0
    for name, text in files.items():
        (HERE / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
