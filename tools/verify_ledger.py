#!/usr/bin/env python3
"""Verifies exports of Atoll's ledger and audit; shares no code with the program, needs nothing but Python 3.8.

    verify_ledger.py EXPORT [OTHER_EXPORT]

Checks one export of the ledger or of the audit, or the two ends of the same jobs against each other. Layouts:
docs/protocols/ledger.md, docs/protocols/audit.md.
Exit: 0 everything holds, 1 something does not (each finding is one line on standard output), 2 wrong use.
"""

import base64
import functools
import hashlib
import json
import re
import struct
import sys

# NIST P-256 (FIPS 186-5, SP 800-186 3.2.1.3).
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
# DER SubjectPublicKeyInfo of an uncompressed point of P-256 (RFC 5480), before the point.
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
TOP = 2**63 - 1


class Wrong(Exception):
    """What does not hold, in words."""


def sha(*parts):
    hash_ = hashlib.sha256()
    for part in parts:
        hash_.update(part)
    return hash_.digest()


# ---- elliptic curve: affine points, None is the point at infinity


def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P) % P
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return (x, (slope * (p[0] - x) - p[1]) % P)


def multiply(k, p):
    result = None
    while k:
        if k & 1:
            result = add(result, p)
        p = add(p, p)
        k >>= 1
    return result


def point(key):
    """The point of a DER SubjectPublicKeyInfo."""
    rest = key[len(SPKI):]
    if key[: len(SPKI)] != SPKI or len(rest) != 65 or rest[0] != 4:
        raise Wrong("a root key is not an uncompressed point of P-256")
    x, y = int.from_bytes(rest[1:33], "big"), int.from_bytes(rest[33:], "big")
    if x >= P or y >= P or (y * y - x * x * x + 3 * x - B) % P != 0:
        raise Wrong("a root key is not on the curve")
    return (x, y)


@functools.lru_cache(maxsize=4096)  # the other end's export holds the same ones
def check_signature(key, message, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N):
        raise Wrong("a signature is out of range")
    w = pow(s, -1, N)
    z = int.from_bytes(sha(message), "big")
    found = add(multiply(z * w % N, G), multiply(r * w % N, point(key)))
    if found is None or found[0] % N != r:
        raise Wrong("a signature does not fit the statement and the root key")


def site_id(key):
    return base64.b32encode(sha(key)).decode().lower().rstrip("=")


# ---- layouts


def text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def chain_start(site, peer, job):
    return sha(b"atoll/ledger/chain/1\0", text(site), text(peer), text(job))


def channel_start(job, task, sender, receiver):
    return sha(b"atoll/ledger/channel/1\0", text(job), text(task), text(sender), text(receiver))


def frame_hash(previous, line):
    return sha(
        b"atoll/ledger/frame/1\0", previous, struct.pack(">IQ", line["step"], line["sequence"]),
        text(line["messageType"]), struct.pack(">QQ", line["elements"], line["bytes"]), line["payloadDigest"],
    )


STANDINGS = {"first": 0, "resent": 1, "replaced": 2}
DIRECTIONS = {"sent": 0, "received": 1}


def line_bytes(line):
    head = struct.pack(">BBq", 1, {"frame": 1, "refusal": 2, "statement": 3, "opened": 4}[line["kind"]], line["time"])
    if line["kind"] == "frame":
        return (
            head + bytes([DIRECTIONS[line["direction"]]]) + text(line["task"])
            + struct.pack(">IQI", line["step"], line["sequence"], line["attempt"]) + text(line["messageType"])
            + line["schemaDigest"] + struct.pack(">QIQ", line["elements"], line["elementBits"], line["bytes"])
            + line["saltDigest"] + line["payloadDigest"] + text(line["keyID"]) + text(line["route"])
            + bytes([STANDINGS[line["standing"]]]) + line["agreement"]
        )
    if line["kind"] == "refusal":
        return (
            head + bytes([DIRECTIONS[line["direction"]]]) + text(line["task"])
            + struct.pack(">IQ", line["step"], line["sequence"]) + text(line["messageType"])
            + struct.pack(">H", line["fault"])
        )
    if line["kind"] == "statement":
        return (
            head + struct.pack(">I", len(line["statement"])) + line["statement"] + line["lowerSignature"]
            + line["upperSignature"]
        )
    keys = b"".join(struct.pack(">H", len(line[name])) + line[name] for name in ("siteKey", "peerKey"))
    return head + line["planDigest"] + struct.pack(">Q", line["epoch"]) + keys


class Cursor:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, count):
        if self.at + count > len(self.raw):
            raise Wrong("a statement ends too early")
        self.at += count
        return self.raw[self.at - count: self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def text(self):
        return self.take(self.number("H")).decode()


def read_statement(raw):
    cursor = Cursor(raw)
    if cursor.take(5) != b"ATLS\x01":
        raise Wrong("a statement of an unknown version")
    statement = {"closed": cursor.number("B"), "job": cursor.text(), "plan": cursor.take(32)}
    statement["epoch"] = cursor.number("Q")
    statement["ends"] = [(cursor.text(), cursor.number("Q"), cursor.take(32)) for _ in range(2)]
    statement["channels"] = [
        (cursor.text(), cursor.number("B"), cursor.number("Q"), cursor.number("I"), cursor.take(32))
        for _ in range(cursor.number("H"))
    ]
    order = [(task.encode(), back) for task, back, _, _, _ in statement["channels"]]
    if cursor.at != len(raw) or statement["closed"] > 1 or order != sorted(set(order)):
        raise Wrong("a statement is not in its canonical form")
    if any(back > 1 or count == 0 for _, back, count, _, _ in statement["channels"]):
        raise Wrong("a statement is not in its canonical form")
    if not statement["ends"][0][0] < statement["ends"][1][0]:
        raise Wrong("a statement does not name the smaller site first")
    return statement


# ---- fields of objects


def digest(value):
    return hexadecimal(value, 32)


def hexadecimal(value, count=None):
    if not isinstance(value, str) or not re.fullmatch("(?:[0-9a-f]{2})*", value):
        raise Wrong("a field is not hexadecimal")
    raw = bytes.fromhex(value)
    if count is not None and len(raw) != count:
        raise Wrong("a field has not %d bytes" % count)
    return raw


def whole(top):
    def read(value):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= top:
            raise Wrong("a field is not a whole number from 0 to %d" % top)
        return value
    return read


def time(value):
    if isinstance(value, bool) or not isinstance(value, int) or not -TOP <= value <= TOP:
        raise Wrong("a time is not a whole number")
    return value


def words(value):
    if not isinstance(value, str):
        raise Wrong("a field is not a text")
    return value


def site(value):
    if not isinstance(value, str) or not re.fullmatch("[a-z2-7]{51}[aq]", value):
        raise Wrong("a field is not a site id")
    return value


def flag(value):
    if not isinstance(value, bool):
        raise Wrong("a field is not true or false")
    return value


def one_of(names):
    def read(value):
        if value not in names:
            raise Wrong("a field is none of " + ", ".join(names))
        return value
    return read


def listed(value):
    if not isinstance(value, list):
        raise Wrong("a field is not a list")
    return [fields(item, FLOW) for item in value]


COUNT = whole(TOP)
FLOW = {
    "task": words, "direction": one_of(DIRECTIONS), "messageType": words, "frames": COUNT, "bytes": COUNT,
    "elements": COUNT, "bits": COUNT, "resent": COUNT, "replaced": COUNT, "repeatedBytes": COUNT, "replacedBits": COUNT,
}
LINE = {"type": words, "peer": site, "job": words, "number": COUNT, "hash": digest, "time": time, "kind": words}
KINDS = {
    "frame": {
        "direction": one_of(DIRECTIONS), "task": words, "step": whole(2**32 - 1), "sequence": COUNT,
        "attempt": whole(2**32 - 1), "messageType": words, "schemaDigest": digest, "elements": COUNT,
        "elementBits": whole(2**32 - 1), "bytes": COUNT, "saltDigest": digest, "payloadDigest": digest, "keyID": words,
        "route": words, "standing": one_of(STANDINGS), "agreement": digest,
    },
    "refusal": {
        "direction": one_of(DIRECTIONS), "task": words, "step": whole(2**32 - 1), "sequence": COUNT,
        "messageType": words, "fault": whole(2**16 - 1),
    },
    "statement": {
        "statement": hexadecimal, "lowerSignature": lambda value: hexadecimal(value, 64),
        "upperSignature": lambda value: hexadecimal(value, 64),
    },
    "opened": {"planDigest": digest, "epoch": COUNT, "siteKey": hexadecimal, "peerKey": hexadecimal},
}
START = {"type": words, "version": whole(1), "site": site, "salts": flag, "complete": flag}
HEAD = {
    "type": words, "peer": site, "job": words, "lines": COUNT, "hash": digest, "signedLines": COUNT, "closed": flag,
    "refusals": COUNT, "flows": listed,
}
SITE = {
    "type": words, "number": COUNT, "time": time, "peer": site, "job": words, "lines": COUNT, "head": digest,
    "hash": digest,
}
SITE_HEAD = {"type": words, "lines": COUNT, "hash": digest}
END = {"type": words, "objects": COUNT}


def fields(value, form):
    if not isinstance(value, dict) or set(value) != set(form):
        raise Wrong("the fields are not those of this type: " + ", ".join(sorted(set(value) ^ set(form)))[:200])
    result = {}
    for name, read in form.items():
        try:
            result[name] = read(value[name])
        except Wrong as wrong:
            raise Wrong("%s: %s" % (name, wrong)) from None
    return result


# ---- chains


class Channel:
    def __init__(self, start):
        self.start, self.count, self.reached = start, 0, 0
        self.newest = []  # by sequence number
        self.all = set()  # (sequence number, hash, step)


class Chain:
    def __init__(self, own, peer, job):
        self.own, self.peer, self.job = own, peer, job
        self.hashes = [chain_start(own, peer, job)]
        self.channels, self.flows, self.keys = {}, {}, {}
        self.statements, self.refusals, self.plan = [], 0, None
        self.signed, self.closed, self.broken, self.ended = 0, False, False, False

    def lines(self):
        return len(self.hashes) - 1

    def channel(self, task, direction):
        if (task, direction) not in self.channels:
            ends = (self.own, self.peer) if direction == "sent" else (self.peer, self.own)
            self.channels[task, direction] = Channel(channel_start(self.job, task, *ends))
        return self.channels[task, direction]

    def take(self, line):
        if self.broken:
            return
        self.broken = True
        if line["number"] != self.lines() or self.ended:
            raise Wrong("line %d is missing or out of order" % self.lines())
        if line["kind"] == "frame":
            self.frame(line)
        elif line["kind"] == "refusal":
            self.refusals += 1
        elif line["kind"] == "statement":
            self.statement(line)
        else:
            if site_id(line["siteKey"]) != self.own or site_id(line["peerKey"]) != self.peer:
                raise Wrong("a root key is not the one that the site id is made from")
            self.keys = {self.own: line["siteKey"], self.peer: line["peerKey"]}
            self.plan, self.closed = (line["planDigest"], line["epoch"]), False
        if sha(b"atoll/ledger/line/1\0", self.hashes[-1], line_bytes(line)) != line["hash"]:
            raise Wrong("the hash does not follow from the line and the one before")
        self.hashes.append(line["hash"])
        self.broken = False

    def frame(self, line):
        if self.closed:
            raise Wrong("a frame after the closing receipt")
        if line["attempt"] == 0:
            raise Wrong("attempts count from 1")
        if "salt" in line and sha(line["salt"]) != line["saltDigest"]:
            raise Wrong("the salt does not have the salt's digest")
        channel, sequence = self.channel(line["task"], line["direction"]), line["sequence"]
        if sequence > channel.count:
            raise Wrong("a gap before frame %d" % sequence)
        previous = channel.newest[sequence - 1] if sequence else channel.start
        agreement = frame_hash(previous, line)
        standing = "first" if sequence >= channel.reached else "replaced"
        if sequence < channel.count and channel.newest[sequence] == agreement:
            standing = "resent"
        if agreement != line["agreement"] or standing != line["standing"]:
            raise Wrong("the agreement hash or the standing does not follow from the frames before")
        if standing != "resent":
            del channel.newest[sequence:]
            channel.newest.append(agreement)
            channel.count = sequence + 1
            channel.reached = max(channel.reached, channel.count)
        channel.all.add((sequence, agreement, line["step"]))
        self.tally(line, standing)

    def tally(self, line, standing):
        key = (line["task"], line["direction"], line["messageType"])
        flow = self.flows.setdefault(key, dict.fromkeys(list(FLOW)[3:], 0))
        bits = line["elements"] * line["elementBits"]
        if standing == "first":
            change = {"frames": 1, "bytes": line["bytes"], "elements": line["elements"], "bits": bits}
        else:
            change = {standing: 1, "repeatedBytes": line["bytes"]}
            if standing == "replaced":
                change["replacedBits"] = bits
        for name, amount in change.items():
            flow[name] = min(TOP, flow[name] + amount)

    def statement(self, line):
        raw = line["statement"]
        statement = read_statement(raw)
        ends = {end[0]: end for end in statement["ends"]}
        if set(ends) != {self.own, self.peer} or statement["job"] != self.job:
            raise Wrong("a statement about another chain")
        lower, upper = statement["ends"][0][0], statement["ends"][1][0]
        message = b"atoll/ledger/statement/1\0" + raw
        for name, signature in ((lower, line["lowerSignature"]), (upper, line["upperSignature"])):
            if name not in self.keys:
                raise Wrong("the root key of %s is not known" % name)
            check_signature(self.keys[name], message, signature)
        _, count, head = ends[self.own]
        if count > self.lines() or self.hashes[count] != head:
            raise Wrong("the co-signed head is not the hash after %d lines" % count)
        if (statement["plan"], statement["epoch"]) != self.plan:
            raise Wrong("a statement of another plan or epoch")
        if count < self.signed:
            raise Wrong("a statement covers fewer lines than the one before")
        for task, back, frames, step, agreement in statement["channels"]:
            direction = "sent" if (back == 0) == (self.own == lower) else "received"
            if (frames - 1, agreement, step) not in self.channel(task, direction).all:
                raise Wrong("the co-signed frames of task %s are others" % task)
        self.statements.append((line["number"], ends))
        self.signed, self.closed = count, self.closed or statement["closed"] == 1

    def take_head(self, head):
        if self.broken:
            return
        self.broken = True
        if self.ended or head["lines"] != self.lines() or head["hash"] != self.hashes[-1]:
            raise Wrong("the chain has %d lines and ends with another hash" % self.lines())
        if (head["signedLines"], head["closed"], head["refusals"]) != (self.signed, self.closed, self.refusals):
            raise Wrong("the head tells another state than the lines")
        flows = [dict(zip(("task", "direction", "messageType"), key), **self.flows[key]) for key in sorted(self.flows)]
        if head["flows"] != flows:
            raise Wrong("the head's counts are not those of the lines")
        self.broken, self.ended = False, True


class Export:
    def __init__(self, path):
        self.path, self.site, self.chains, self.findings, self.objects = path, None, {}, [], 0
        self.salts = self.complete = self.ended = self.site_ended = False
        self.site_lines, self.site_hash = 0, b""
        with open(path, "rb") as file:
            for raw in file:
                value = None
                try:
                    value = json.loads(raw.decode(), object_pairs_hook=unique)
                    self.take(value)
                except (ValueError, TypeError, KeyError, AttributeError, OverflowError, struct.error) as error:
                    self.note(value, "it cannot be read (%s)" % type(error).__name__)
                except Wrong as wrong:
                    self.note(value, str(wrong))
                self.objects += 1
        if not self.ended:
            self.findings.append("%s: the export ends too early" % path)
        for chain in self.chains.values():
            if not chain.ended and not chain.broken:
                self.findings.append("%s: job %s, peer %s: the chain has no head" % (path, chain.job, chain.peer))

    def note(self, value, what):
        place = "%s:%d" % (self.path, self.objects + 1)
        if isinstance(value, dict):
            place += "".join(": %s %s" % (key, value[key]) for key in ("job", "peer", "number") if key in value)
        self.findings.append("%s: %s" % (place, what))

    def chain(self, value):
        if self.site_lines or self.site_ended:
            raise Wrong("a line of a job's chain after the site's chain has begun")
        key = (value["peer"], value["job"])
        return self.chains.setdefault(key, Chain(self.site, *key))

    def take(self, value):
        if self.ended:
            raise Wrong("something follows the end")
        kind = value.get("type") if isinstance(value, dict) else None
        if self.site is None:
            start = fields(value, START)
            if kind != "ledger" or start["version"] != 1:
                raise Wrong("this is not an export of version 1")
            self.site, self.salts, self.complete = start["site"], start["salts"], start["complete"]
            self.site_hash = sha(b"atoll/ledger/site/1\0", text(self.site))
        elif kind == "line":
            form = KINDS.get(value.get("kind"))
            if form is None:
                raise Wrong("a line of an unknown kind")
            form = dict(LINE, **form)
            if value["kind"] == "frame" and self.salts:
                form["salt"] = lambda salt: hexadecimal(salt, 16)
            line = fields(value, form)
            self.chain(line).take(line)
        elif kind == "head":
            head = fields(value, HEAD)
            if (head["peer"], head["job"]) not in self.chains:
                raise Wrong("a head of a chain without lines")
            self.chain(head).take_head(head)
        elif kind == "site":
            self.take_site(fields(value, SITE))
        elif kind == "siteHead":
            head = fields(value, SITE_HEAD)
            self.site_ended = True
            if (head["lines"], head["hash"]) != (self.site_lines, self.site_hash):
                raise Wrong("the site's chain has %d lines and ends with another hash" % self.site_lines)
        elif kind == "end":
            end = fields(value, END)
            self.ended = True
            if end["objects"] != self.objects:
                raise Wrong("%d objects were written and %d are here" % (end["objects"], self.objects))
            if self.complete != self.site_ended:
                raise Wrong("a complete export ends with the site's head, a part has none")
        else:
            raise Wrong("an object of an unknown type")

    def take_site(self, line):
        if line["number"] != self.site_lines:
            raise Wrong("line %d of the site's chain is missing or out of order" % self.site_lines)
        wanted = sha(
            b"atoll/ledger/site-line/1\0", self.site_hash, struct.pack(">q", line["time"]), text(line["peer"]),
            text(line["job"]), struct.pack(">Q", line["lines"]), line["head"],
        )
        self.site_lines, self.site_hash = self.site_lines + 1, line["hash"]
        if wanted != line["hash"]:
            raise Wrong("the hash does not follow from the line and the one before")
        chain = self.chains.get((line["peer"], line["job"]))
        if chain is None or not chain.broken and (
            line["lines"] > chain.lines() or chain.hashes[line["lines"]] != line["head"]
        ):
            raise Wrong("the site's chain names a head that the chain of the job never had")


# ---- audit

AUDIT_TEXTS = (
    "kind", "account", "means", "address", "method", "route", "path", "tenant", "project", "detail",
)
AUDIT = {"type": words, "version": whole(1), "site": site}
RECORD = dict(
    {name: words for name in AUDIT_TEXTS}, type=words, number=COUNT, time=time, status=whole(2**16 - 1),
    fault=whole(2**16 - 1), unwritten=whole(2**32 - 1), hash=digest,
)
AUDIT_HEAD = {
    "type": words, "records": COUNT, "hash": digest, "siteKey": hexadecimal,
    "signature": lambda value: hexadecimal(value, 64),
}


class Audit:
    """One export of the audit."""

    def __init__(self, path):
        self.path, self.site, self.findings, self.objects, self.records = path, None, [], 0, 0
        self.hash, self.has_head, self.ended = b"", False, False
        with open(path, "rb") as file:
            for raw in file:
                try:
                    self.take(json.loads(raw.decode(), object_pairs_hook=unique))
                except (ValueError, TypeError, KeyError, AttributeError, OverflowError, struct.error) as error:
                    self.note("it cannot be read (%s)" % type(error).__name__)
                except Wrong as wrong:
                    self.note(str(wrong))
                if self.findings:
                    return
                self.objects += 1
        if not self.ended:
            self.note("the export ends too early")

    def note(self, what):
        self.findings.append("%s:%d: %s" % (self.path, self.objects + 1, what))

    def take(self, value):
        kind = value.get("type") if isinstance(value, dict) else None
        if self.ended:
            raise Wrong("something follows the end")
        if self.site is None:
            self.site = fields(value, AUDIT)["site"]
            self.hash = sha(b"atoll/audit/chain/1\0", text(self.site))
        elif kind == "record" and not self.has_head:
            record = fields(value, RECORD)
            if record["number"] != self.records:
                raise Wrong("record %d is missing or out of order" % self.records)
            self.hash = sha(b"atoll/audit/line/1\0", self.hash, record_bytes(record))
            self.records += 1
            if self.hash != record["hash"]:
                raise Wrong("the hash does not follow from the record and the one before")
        elif kind == "auditHead" and not self.has_head:
            head, self.has_head = fields(value, AUDIT_HEAD), True
            if (head["records"], head["hash"]) != (self.records, self.hash):
                raise Wrong("there are %d records, and the head is of others" % self.records)
            if site_id(head["siteKey"]) != self.site:
                raise Wrong("the root key is not the one that the site id is made from")
            message = b"atoll/audit/head/1\0" + text(self.site) + struct.pack(">Q", self.records) + self.hash
            check_signature(head["siteKey"], message, head["signature"])
        elif kind == "end" and self.has_head:
            self.ended = True
            if fields(value, END)["objects"] != self.objects:
                raise Wrong("objects are missing")
        else:
            raise Wrong("an object that does not belong there")


def record_bytes(record):
    texts = b"".join(text(record[name]) for name in AUDIT_TEXTS)
    return (
        struct.pack(">BQq", 1, record["number"], record["time"]) + texts
        + struct.pack(">HHI", record["status"], record["fault"], record["unwritten"])
    )


def is_audit(path):
    with open(path, "rb") as file:
        try:
            return json.loads(file.readline().decode()).get("type") == "audit"
        except (ValueError, AttributeError):
            return False


def verify_audit(path):
    audit = Audit(path)
    for finding in audit.findings:
        print(finding)
    print("%s: site %s, %d records of the audit" % (path, audit.site, audit.records))
    print("whole" if not audit.findings else "%d finding(s)" % len(audit.findings))
    return 1 if audit.findings else 0


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key appears twice")
    return dict(pairs)


def compare(one, other):
    """Where the two ends of the same jobs differ."""
    if one.site is None or other.site is None or one.site == other.site:
        return ["the exports are not of two sites"]
    findings, pairs = [], 0
    for (peer, job), chain in one.chains.items():
        mirror = other.chains.get((one.site, job)) if peer == other.site else None
        if mirror is None:
            continue
        pairs += 1
        for sender, receiver in ((chain, mirror), (mirror, chain)):
            findings += compare_frames(sender, receiver)
            findings += compare_statements(sender, receiver)
    return findings if pairs else ["the exports have no job in common"]


def compare_frames(sender, receiver):
    for (task, direction), channel in receiver.channels.items():
        if direction != "received":
            continue
        sent = {(sequence, hash_) for sequence, hash_, _ in sender.channel(task, "sent").all}
        for sequence, hash_ in enumerate(channel.newest):
            if (sequence, hash_) not in sent:
                yield "job %s, task %s, frame %d: %s received another frame than %s recorded as sent" % (
                    receiver.job, task, sequence, receiver.own, sender.own)
                break


def compare_statements(one, other):
    """That the other end does not hold a statement is no finding: the last message may have been lost."""
    for number, ends in one.statements:
        _, count, head = ends[other.own]
        if count > other.lines() or other.hashes[count] != head:
            return ["job %s, line %d of %s: %s has signed a head that its chain does not have" % (
                one.job, number, one.own, other.own)]
    return []


def main(paths):
    if len(paths) not in (1, 2) or any(path.startswith("-") for path in paths):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        if len(paths) == 1 and is_audit(paths[0]):
            return verify_audit(paths[0])
        exports = [Export(path) for path in paths]
    except OSError as error:
        print("verify_ledger: %s" % error, file=sys.stderr)
        return 2
    findings = [finding for export in exports for finding in export.findings]
    if len(exports) == 2:
        findings += compare(*exports)
    for finding in findings:
        print(finding)
    for export in exports:
        chains = export.chains.values()
        print("%s: site %s, %d chains, %d lines, %d co-signed statements" % (
            export.path, export.site, len(chains), sum(chain.lines() for chain in chains),
            sum(len(chain.statements) for chain in chains)))
    print("whole" if not findings else "%d finding(s)" % len(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
