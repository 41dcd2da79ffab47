public import Resources

/// The objects of an export, one JSON value a line. `docs/protocols/ledger.md` names their fields.
enum ExportObject {
    static let version: Int64 = 1

    /// - Parameter isComplete: whether every chain is in it, and the site's chain over them.
    static func start(site: SiteID, withSalts: Bool, isComplete: Bool) -> JSONValue {
        [
            "type": "ledger", "version": .integer(version), "site": .string(site.text), "salts": .bool(withSalts),
            "complete": .bool(isComplete),
        ]
    }

    static func line(_ entry: Segment.Entry, peer: SiteID, job: String, withSalts: Bool) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": "line", "peer": .string(peer.text), "job": .string(job), "number": count(entry.number),
            "hash": hex(entry.hash), "time": .integer(entry.line.time),
        ]
        switch entry.line.body {
        case .frame(let frame):
            members["kind"] = "frame"
            members.merge(frame.members, uniquingKeysWith: { $1 })
            if withSalts { members["salt"] = hex(entry.salt) }
        case .refusal(let refusal):
            members["kind"] = "refusal"
            members["direction"] = .string(refusal.direction.rawValue)
            members["task"] = .string(refusal.task)
            members["step"] = .integer(Int64(refusal.step))
            members["sequence"] = count(refusal.sequence)
            members["messageType"] = .string(refusal.messageType)
            members["fault"] = .integer(Int64(refusal.number))
        case .signed(let signed):
            members["kind"] = "statement"
            members["statement"] = hex(signed.statement)
            members["lowerSignature"] = hex(signed.lowerSignature)
            members["upperSignature"] = hex(signed.upperSignature)
        case .opened(let opening):
            members["kind"] = "opened"
            members["planDigest"] = hex(opening.planDigest)
            members["epoch"] = count(opening.epoch)
            members["siteKey"] = hex(opening.siteKey)
            members["peerKey"] = hex(opening.peerKey)
        }
        return .object(members)
    }

    /// The end of a chain: its last hash, and the counts that its lines give.
    static func head(_ book: ChainBook) -> JSONValue {
        [
            "type": "head", "peer": .string(book.peer.text), "job": .string(book.job), "lines": count(book.lines),
            "hash": hex(book.head), "signedLines": count(book.signed?.lines ?? 0), "closed": .bool(book.isClosed),
            "refusals": count(book.refusals), "flows": .array(LedgerReader.Chain(book).flows.map(\.json)),
        ]
    }

    static func siteLine(_ line: SiteLine, number: UInt64, hash: [UInt8]) -> JSONValue {
        [
            "type": "site", "number": count(number), "time": .integer(line.time), "peer": .string(line.peer.text),
            "job": .string(line.job), "lines": count(line.lines), "head": hex(line.head), "hash": hex(hash),
        ]
    }

    static func siteHead(lines: UInt64, hash: [UInt8]) -> JSONValue {
        ["type": "siteHead", "lines": count(lines), "hash": hex(hash)]
    }

    /// - Parameter objects: how many came before this one.
    static func end(objects: Int) -> JSONValue {
        ["type": "end", "objects": .integer(Int64(objects))]
    }

    static func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.text(bytes)) }

    /// Numbers of the ledger are below 2^63.
    static func count(_ number: UInt64) -> JSONValue { .integer(Int64(clamping: number)) }
}

extension FrameLine {
    fileprivate var members: [String: JSONValue] {
        [
            "direction": .string(direction.rawValue), "task": .string(task), "step": .integer(Int64(step)),
            "sequence": ExportObject.count(sequence), "attempt": .integer(Int64(attempt)),
            "messageType": .string(messageType), "schemaDigest": ExportObject.hex(schemaDigest),
            "elements": ExportObject.count(elements), "elementBits": .integer(Int64(elementBits)),
            "bytes": ExportObject.count(bytes), "saltDigest": ExportObject.hex(saltDigest),
            "payloadDigest": ExportObject.hex(payloadDigest), "keyID": .string(keyID), "route": .string(route),
            "standing": .string(standing.name), "agreement": ExportObject.hex(agreement),
        ]
    }
}

extension FrameLine.Standing {
    var name: String {
        switch self {
        case .first: "first"
        case .resent: "resent"
        case .replaced: "replaced"
        }
    }
}

extension LedgerReader.Flow {
    /// As exports and the API write it.
    public var json: JSONValue {
        [
            "task": .string(task), "direction": .string(direction.rawValue), "messageType": .string(messageType),
            "frames": ExportObject.count(tally.frames), "bytes": ExportObject.count(tally.bytes),
            "elements": ExportObject.count(tally.elements), "bits": ExportObject.count(tally.bits),
            "resent": ExportObject.count(tally.resent), "replaced": ExportObject.count(tally.replaced),
            "repeatedBytes": ExportObject.count(tally.repeatedBytes),
            "replacedBits": ExportObject.count(tally.replacedBits),
        ]
    }
}
