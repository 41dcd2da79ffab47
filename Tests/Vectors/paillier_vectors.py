#!/usr/bin/env python3
"""Known answers for Paillier, packing and one-sided sums, by big integers of the standard library alone.

    paillier_vectors.py            writes paillier.json beside this file
    paillier_vectors.py --check    recomputes everything and compares with the file; exit 1 on a difference

Nothing here follows the product's algorithms: no pair form, no Montgomery form, no CRT, no combs. Decryption is the
textbook formula with lambda. Numbers are hexadecimal strings, a minus sign before negative ones.
"""

import hashlib
import json
import math
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("paillier.json")


class Stream:
    """Reproducible bits: SHA-256 of a label and a counter."""

    def __init__(self, label):
        self.label = label
        self.counter = 0

    def bits(self, count):
        value = 0
        have = 0
        while have < count:
            block = hashlib.sha256(f"{self.label}/{self.counter}".encode()).digest()
            self.counter += 1
            value = (value << 256) | int.from_bytes(block, "big")
            have += 256
        return value >> (have - count)

    def below(self, bound):
        while True:
            value = self.bits(bound.bit_length())
            if value < bound:
                return value


def is_prime(number, rounds=40):
    if number < 2:
        return False
    for small in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if number % small == 0:
            return number == small
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    stream = Stream(f"miller-rabin/{number}")
    for _ in range(rounds):
        x = pow(2 + stream.below(number - 3), odd, number)
        if x in (1, number - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % number
            if x == number - 1:
                break
        else:
            return False
    return True


def prime(stream, bits):
    """A prime with its top two bits set that leaves 3 modulo 4."""
    while True:
        candidate = stream.bits(bits) | (3 << (bits - 2)) | 3
        if is_prime(candidate):
            return candidate


def jacobi(a, n):
    a %= n
    sign = 1
    while a:
        while a % 2 == 0:
            a //= 2
            if n % 8 in (3, 5):
                sign = -sign
        a, n = n, a
        if a % 4 == 3 and n % 4 == 3:
            sign = -sign
        a %= n
    return sign if n == 1 else 0


class Key:
    def __init__(self, p, q, x):
        assert p % 4 == 3 and q % 4 == 3 and math.gcd(p - 1, q - 1) == 2
        self.p, self.q, self.n = p, q, p * q
        self.square = self.n**2
        self.base = pow((-x * x) % self.n, self.n, self.square)
        self.order = (p - 1) * (q - 1) // 2
        assert jacobi(self.base % self.n, self.n) == 1
        assert pow(self.base, self.order, self.square) == 1

    def encrypt(self, message, rho):
        return (1 + message * self.n) * pow(self.base, rho, self.square) % self.square

    def decrypt(self, cipher):
        exponent = math.lcm(self.p - 1, self.q - 1)
        message = (pow(cipher, exponent, self.square) - 1) // self.n
        return message * pow(exponent, -1, self.n) % self.n


def text(number):
    return f"-{-number:x}" if number < 0 else f"{number:x}"


def field_widths(rows, a, b):
    """Two's complement for the gradient, unsigned for the second derivative."""
    wg = (rows * a).bit_length() + 1
    wh = (rows * b).bit_length() if b else 0
    return wg, wh


def key_vectors(label, bits):
    stream = Stream(label)
    while True:
        p, q = prime(stream, bits // 2), prime(stream, bits // 2)
        if p != q and math.gcd(p - 1, q - 1) == 2:
            break
    while True:
        x = 1 + stream.below(p * q - 1)
        if math.gcd(x, p * q) == 1:
            break
    key = Key(p, q, x)
    n = key.n
    assert n.bit_length() == bits
    messages = [0, 1, -1, 2**52 + 1, -(2**89), stream.below(2**89), n // 2, (1 << (bits - 1)) - 1,
                -((1 << (bits - 1)) - 1), stream.below(1 << (bits - 1))]
    encryptions = []
    for index, message in enumerate(messages):
        rho = [0, 1, (1 << (bits + 80)) - 1][index] if index < 3 else stream.bits(bits + 80)
        cipher = key.encrypt(message % n, rho)
        assert key.decrypt(cipher) == message % n
        encryptions.append({"message": text(message), "rho": text(rho), "cipher": text(cipher)})
    ciphers = [int(entry["cipher"], 16) for entry in encryptions]
    scalars = [0, 1, -1, 3, -(2**31), 2**32 - 1, -(2**62), 2**62 + 5, 7, -9]
    scaled = [pow(c, s, key.square) for c, s in zip(ciphers, scalars)]
    for c, s, m in zip(scaled, scalars, messages):
        assert key.decrypt(c) == m * s % n
    product = 1
    for cipher in ciphers:
        product = product * cipher % key.square
    shift = 61
    # Packing: logistic, 30,000 rows, 16 fractional bits; sums at the limits of both fields first.
    rows, a, b = 30000, 1 << 16, 1 << 14
    wg, wh = field_widths(rows, a, b)
    width = wg + wh
    slots = (bits - 1) // width
    sums = [(-rows * a, 0), (rows * a, rows * b), (0, 0), (-1, 1), (1, 0)]
    while len(sums) < slots:
        sums.append((stream.below(2 * rows * a + 1) - rows * a, stream.below(rows * b + 1)))
    # Horner over bare sums and the offset once, as the wire value demands; each in the plain integers.
    packed = sum(((g << wh) + h) << (width * k) for k, (g, h) in enumerate(sums))
    packed += sum(1 << (width - 1 + width * k) for k in range(slots))
    assert 0 <= packed < 1 << (width * slots) <= 1 << (bits - 1)
    return {
        "name": label,
        "bits": bits,
        "p": text(p), "q": text(q), "n": text(n), "x": text(x), "base": text(key.base), "order": text(key.order),
        "encryptions": encryptions,
        "sum": text(product),
        "scalars": [text(s) for s in scalars],
        "scaled": [text(c) for c in scaled],
        "shift": shift,
        "shifted": text(pow(ciphers[3], 1 << shift, key.square)),
        "packing": {
            "rows": rows, "gradientBits": wg, "hessianBits": wh, "slots": slots,
            "gradients": [g for g, _ in sums], "hessians": [h for _, h in sums], "packed": text(packed),
        },
    }


def layout_vectors():
    """Widths of every objective at several sizes, 16 fractional bits, capacity of a 2048-bit key."""
    f = 16
    bounds = {
        "logistic": (1 << f, 1 << (f - 2)),
        "softmax": (1 << f, 1 << (f - 1)),
        "squared": (1 << f, None),
        "weightedSquared": (1 << f, 1 << f),
        "poisson": (1 << f, 1 << f),
    }
    result = []
    for name, (a, b) in bounds.items():
        for rows in (1, 2, 255, 256, 30000, 1000000, 1 << 24, (1 << 36) - 1):
            wg, wh = field_widths(rows, a, b)
            result.append({
                "objective": name, "rows": rows, "gradientBits": wg, "hessianBits": wh,
                "slots": 2047 // (wg + wh), "allowed": wg <= 53 and wh <= 53,
            })
    return result


def toy_vectors():
    """All products of toy keys: every blinding of every message, as sets."""
    result = []
    for p, q in ((7, 11), (11, 19), (19, 23)):
        # The first base whose order is the whole (p - 1)(q - 1) / 2; the order is found by trial.
        for x in range(2, p * q):
            if math.gcd(x, p * q) == 1:
                key = Key(p, q, x)
                order = next(k for k in range(1, key.order + 1) if pow(key.base, k, key.square) == 1)
                if order == key.order:
                    break
        replies = {
            str(m): sorted(key.encrypt(m, rho) for rho in range(order)) for m in (0, 1, key.n - 1)
        }
        result.append({"p": p, "q": q, "x": x, "base": text(key.base), "order": order, "replies": replies})
    return result


def document():
    return {
        "keys": [key_vectors("paillier2048", 2048), key_vectors("paillier3072", 3072)],
        "layouts": layout_vectors(),
        "toys": toy_vectors(),
    }


def main():
    produced = json.dumps(document(), indent=1, sort_keys=True) + "\n"
    if "--check" in sys.argv[1:]:
        if FILE.read_text() != produced:
            print(f"{FILE.name} differs from what this script computes", file=sys.stderr)
            return 1
        print(f"{FILE.name} agrees")
        return 0
    FILE.write_text(produced)
    return 0


if __name__ == "__main__":
    sys.exit(main())
