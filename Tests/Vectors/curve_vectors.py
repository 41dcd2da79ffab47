#!/usr/bin/env python3
"""Known answers for hashing to Curve25519, from Python's integers and hashlib.

Writes Tests/Vectors/curve.json. Written from RFC 9380 (5.2, 5.3.1, 6.7.1, 8.5) with affine points, so it shares no
formula with the kernels; checked against the vectors of J.4.1 below. Coordinates are hexadecimal numbers.
"""
import hashlib
import json
import pathlib

p = 2**255 - 19
J = 486662


def sha512(data):
    return hashlib.sha512(data).digest()


def expand(message, tag, size=96):
    tag = tag + bytes([len(tag)])
    b0 = sha512(bytes(128) + message + size.to_bytes(2, "big") + b"\0" + tag)
    blocks = [sha512(b0 + b"\1" + tag)]
    while 64 * len(blocks) < size:
        mixed = bytes(x ^ y for x, y in zip(b0, blocks[-1]))
        blocks.append(sha512(mixed + bytes([len(blocks) + 1]) + tag))
    return b"".join(blocks)[:size]


def is_square(x):
    return pow(x, (p - 1) // 2, p) in (0, 1)


def root(x):
    r = pow(x, (p + 3) // 8, p)
    return r if r * r % p == x else r * pow(2, (p - 1) // 4, p) % p


def g(x):
    return (x**3 + J * x**2 + x) % p


def elligator(u):
    """Section 6.7.1 with Z = 2: straight from the definition."""
    x1 = -J * pow(1 + 2 * u * u, -1, p) % p  # 1 + 2u² is never zero
    if x1 == 0:
        x1 = -J % p
    x2 = (-x1 - J) % p
    if is_square(g(x1)):
        x, y = x1, root(g(x1))
        if y % 2 == 0:
            y = -y % p
    else:
        x, y = x2, root(g(x2))
        if y % 2 == 1:
            y = -y % p
    return x, y


def add(a, b):
    if a is None or b is None:
        return a or b
    (x1, y1), (x2, y2) = a, b
    if x1 == x2 and (y1 + y2) % p == 0:
        return None
    if a == b:
        slope = (3 * x1 * x1 + 2 * J * x1 + 1) * pow(2 * y1, -1, p)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, p)
    x = (slope * slope - J - x1 - x2) % p
    return x, (slope * (x1 - x) - y1) % p


def hashed(uniform):
    u = [int.from_bytes(uniform[48 * i : 48 * i + 48], "big") % p for i in range(2)]
    point = add(elligator(u[0]), elligator(u[1]))
    for _ in range(3):
        point = add(point, point)
    return 0 if point is None else point[0]


RFC_TAG = b"QUUX-V01-CS02-with-curve25519_XMD:SHA-512_ELL2_RO_"
RFC = {
    "": 0x2DE3780ABB67E861289F5749D16D3E217FFA722192D16BBD9D1BFB9D112B98C0,
    "abc": 0x2B4419F1F2D48F5872DE692B0ACA72CC7B0A60915DD70BDE432E826B6ABC526D,
    "abcdef0123456789": 0x68CA1EA5A6ACF4E9956DAA101709B1EEE6C1BB0DF1DE3B90D4602382A104C036,
    "q128_" + "q" * 128: 0x096E9C8BAE6C06B554C1EE69383BB0E82267E064236B3A30608D4ED20B73AC5A,
    "a512_" + "a" * 512: 0x1BC61845A138E912F047B5E70BA9606BA2A447A4DADE024C8EF3DD42B7BBC5FE,
}

messages = []
for message, x in RFC.items():
    assert hashed(expand(message.encode(), RFC_TAG)) == x, message
    messages.append((message.encode(), RFC_TAG))
# Lengths around the blocks of SHA-512, with tags of all sizes.
for size in (1, 60, 61, 62, 63, 64, 107, 108, 109, 127, 128, 129, 189, 190, 317, 1000):
    messages.append((bytes((7 * i + size) % 256 for i in range(size)), b"Atoll-PSI-v1-" + bytes(range(32))))
for size in (1, 46, 47, 48, 110, 111, 254, 255):
    messages.append((b"tag of %d" % size, bytes((i + size) % 256 for i in range(size))))

u = hashlib.shake_256(b"atoll").digest(48)
half = ((p - 1) // 2).to_bytes(48, "big")
maps = [
    bytes(96),
    u + u,  # the same point twice: doubled
    u + bytes(48),
    bytes(48) + (2**384 - 1).to_bytes(48, "big"),
    p.to_bytes(48, "big") + (p + 1).to_bytes(48, "big"),
    (2**384 - 1).to_bytes(48, "big") * 2,
    half + u,
    u + ((p - int.from_bytes(u, "big")) % p).to_bytes(48, "big"),  # u and -u map to one point
    (2**256 - 38).to_bytes(48, "big") + (2**255 - 19 + (1 << 256) * 5).to_bytes(48, "big"),
]
# x1(u) = x2(1 / 2u) with opposite signs where g(x1(u)) is a square: the sum is the identity.
for u0 in (3, 4, 9, 10):
    maps.append(u0.to_bytes(48, "big") + pow(2 * u0, -1, p).to_bytes(48, "big"))
    assert hashed(maps[-1]) == 0
maps += [hashlib.shake_256(b"%d" % i).digest(96) for i in range(24)]

answers = {
    "messages": [
        {"message": m.hex(), "tag": t.hex(), "uniform": expand(m, t).hex(), "x": "%x" % hashed(expand(m, t))}
        for m, t in messages
    ],
    "maps": [{"uniform": m.hex(), "x": "%x" % hashed(m)} for m in maps],
}
path = pathlib.Path(__file__).with_name("curve.json")
path.write_text(json.dumps(answers, indent=1) + "\n")
