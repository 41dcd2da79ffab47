import Faults
import Resources

/// Takes the fields of one object of an export, strictly: each must be there, and none may be left over.
struct ExportFields {
    private let members: [String: JSONValue]
    private var taken: Set<String> = []

    /// - Throws: `LedgerFaults.malformedExport`.
    init(_ value: JSONValue) throws(Fault) {
        guard let members = value.object else { throw Fault(LedgerFaults.malformedExport, wanted: "an object") }
        self.members = members
    }

    mutating func text(_ name: String) throws(Fault) -> String {
        guard let text = take(name)?.string, text.utf8.count <= 1 << 20 else { throw missing(name, "a text") }
        return text
    }

    mutating func flag(_ name: String) throws(Fault) -> Bool {
        guard let flag = take(name)?.bool else { throw missing(name, "true or false") }
        return flag
    }

    mutating func number<Value: FixedWidthInteger>(_ name: String, _ type: Value.Type = Value.self) throws(Fault)
        -> Value
    {
        guard let number = take(name)?.integer, let value = Value(exactly: number) else {
            throw missing(name, "a whole number")
        }
        return value
    }

    mutating func bytes(_ name: String, count: Int? = nil) throws(Fault) -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(try text(name)), count.map({ $0 == bytes.count }) ?? true else {
            throw missing(name, "hexadecimal digits" + (count.map { " of \($0) bytes" } ?? ""))
        }
        return bytes
    }

    mutating func site(_ name: String) throws(Fault) -> SiteID {
        guard let site = SiteID(try text(name)) else { throw missing(name, "a site id") }
        return site
    }

    mutating func direction(_ name: String) throws(Fault) -> FrameDirection {
        guard let direction = FrameDirection(rawValue: try text(name)) else { throw missing(name, "sent or received") }
        return direction
    }

    mutating func array(_ name: String) throws(Fault) -> [JSONValue] {
        guard let array = take(name)?.array else { throw missing(name, "a list") }
        return array
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func end() throws(Fault) {
        if let name = members.keys.filter({ !taken.contains($0) }).min() {
            throw Fault(LedgerFaults.malformedExport, at: "field \(name.prefix(40))", wanted: "no such field")
        }
    }

    private mutating func take(_ name: String) -> JSONValue? {
        taken.insert(name)
        return members[name]
    }

    private func missing(_ name: String, _ wanted: String) -> Fault {
        Fault(LedgerFaults.malformedExport, at: "field \(name)", wanted: wanted)
    }
}

extension LedgerLine {
    /// A line of an export, with the salt where there is one.
    static func read(_ fields: inout ExportFields) throws(Fault) -> (line: LedgerLine, salt: [UInt8]?) {
        let time: Int64 = try fields.number("time")
        var salt: [UInt8]?
        let body: Body
        switch try fields.text("kind") {
        case "frame":
            body = .frame(try FrameLine(&fields))
            if fields.has("salt") { salt = try fields.bytes("salt", count: FrameLine.saltBytes) }
        case "refusal": body = .refusal(try RefusalRecord.Line(&fields))
        case "statement":
            let statement = try fields.bytes("statement")
            let lower = try fields.bytes("lowerSignature", count: SignedStatement.signatureBytes)
            let upper = try fields.bytes("upperSignature", count: SignedStatement.signatureBytes)
            guard statement.count <= LedgerStatement.maximumBytes else {
                throw Fault(LedgerFaults.malformedExport, at: "field statement", wanted: "fewer bytes")
            }
            body = .signed(SignedStatement(statement: statement, lowerSignature: lower, upperSignature: upper))
        case "opened":
            let plan = try fields.bytes("planDigest", count: LedgerHash.length)
            let epoch: UInt64 = try fields.number("epoch")
            let siteKey = try fields.bytes("siteKey")
            let peerKey = try fields.bytes("peerKey")
            guard max(siteKey.count, peerKey.count) <= longestKey else {
                throw Fault(LedgerFaults.malformedExport, at: "a root key", wanted: "at most \(longestKey) bytes")
            }
            body = .opened(Opening(planDigest: plan, epoch: epoch, siteKey: siteKey, peerKey: peerKey))
        default: throw Fault(LedgerFaults.malformedExport, at: "field kind", wanted: "a known kind of line")
        }
        return (LedgerLine(time: time, body: body), salt)
    }
}

extension FrameLine {
    fileprivate init(_ fields: inout ExportFields) throws(Fault) {
        direction = try fields.direction("direction")
        task = try fields.text("task")
        step = try fields.number("step")
        sequence = try fields.number("sequence")
        attempt = try fields.number("attempt")
        messageType = try fields.text("messageType")
        schemaDigest = try fields.bytes("schemaDigest", count: LedgerHash.length)
        elements = try fields.number("elements")
        elementBits = try fields.number("elementBits")
        bytes = try fields.number("bytes")
        saltDigest = try fields.bytes("saltDigest", count: LedgerHash.length)
        payloadDigest = try fields.bytes("payloadDigest", count: LedgerHash.length)
        keyID = try fields.text("keyID")
        route = try fields.text("route")
        let name = try fields.text("standing")
        guard let standing = Standing.allCases.first(where: { $0.name == name }) else {
            throw Fault(LedgerFaults.malformedExport, at: "field standing", wanted: "first, resent or replaced")
        }
        self.standing = standing
        agreement = try fields.bytes("agreement", count: LedgerHash.length)
        guard [task, messageType, keyID, route].allSatisfy({ $0.utf8.count <= LedgerLine.longestText }) else {
            throw Fault(LedgerFaults.malformedExport, at: "a text", wanted: "at most \(LedgerLine.longestText) bytes")
        }
    }
}

extension RefusalRecord.Line {
    fileprivate init(_ fields: inout ExportFields) throws(Fault) {
        direction = try fields.direction("direction")
        task = try fields.text("task")
        step = try fields.number("step")
        sequence = try fields.number("sequence")
        messageType = try fields.text("messageType")
        number = try fields.number("fault")
        guard [task, messageType].allSatisfy({ $0.utf8.count <= LedgerLine.longestText }) else {
            throw Fault(LedgerFaults.malformedExport, at: "a text", wanted: "at most \(LedgerLine.longestText) bytes")
        }
    }
}
