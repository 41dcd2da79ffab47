#!/usr/bin/env python3
"""The content digest of a small table, from the rule of docs/tables.md and independent of the code it tests."""
import hashlib
import struct

SCHEMA = '{"columns":[{"name":"id","type":"text"},{"name":"d","scale":1,"type":"decimal"},{"name":"f","type":"float"}],"ids":["id"]}'


def text(value):
    data = value.encode()
    return b"\x01" + struct.pack("<I", len(data)) + data


COLUMNS = [
    text("äb") + text("c"),
    b"\x01" + struct.pack("<q", -15) + b"\x00",
    b"\x00" + b"\x01" + struct.pack("<d", 0.5),
]

schema = SCHEMA.encode()
content = b"atoll table content 1\n" + struct.pack("<I", len(schema)) + schema + struct.pack("<Q", 2)
content += b"".join(hashlib.sha256(column).digest() for column in COLUMNS)
print(hashlib.sha256(content).hexdigest())
