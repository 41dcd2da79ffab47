import Faults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TableSchema {
    /// The one canonical form: keys in alphabetical order, no blanks, only `"`, `\` and control characters escaped,
    /// no key without a value.
    ///
    ///     {"columns":[{"name":"id","type":"integer"},{"name":"limit","scale":2,"type":"decimal"}],"ids":["id"],"label":"y"}
    public var json: String {
        let list = columns.map { column in
            var fields = ["\"name\":\(JSONText.quoted(column.name))"]
            if case .decimal(let scale) = column.type { fields.append("\"scale\":\(scale)") }
            fields.append("\"type\":\"\(column.type.name)\"")
            return "{\(fields.joined(separator: ","))}"
        }
        var parts = ["\"columns\":[\(list.joined(separator: ","))]"]
        parts.append("\"ids\":[\(ids.map(JSONText.quoted).joined(separator: ","))]")
        if let label { parts.append("\"label\":\(JSONText.quoted(label))") }
        return "{\(parts.joined(separator: ","))}"
    }

    /// Reads any JSON of this form, canonical or not. Throws `TableFaults` for what is no schema.
    public init(json: some Sequence<UInt8>) throws {
        do {
            self = try JSONDecoder().decode(TableSchema.self, from: Data(json))
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(TableFaults.schemaInvalid, "The text is not the JSON form of a schema.")
        }
    }
}

extension TableSchema: Codable {
    private enum Key: String, CodingKey { case columns, ids, label }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        try self.init(
            columns: box.decode([ColumnSchema].self, forKey: .columns),
            ids: box.decodeIfPresent([String].self, forKey: .ids) ?? [],
            label: box.decodeIfPresent(String.self, forKey: .label))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(columns, forKey: .columns)
        try box.encode(ids, forKey: .ids)
        try box.encodeIfPresent(label, forKey: .label)
    }
}

extension ColumnSchema: Codable {
    private enum Key: String, CodingKey { case name, type, scale }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        let name = try box.decode(String.self, forKey: .name)
        let typeName = try box.decode(String.self, forKey: .type)
        guard let type = ColumnType(name: typeName, scale: try box.decodeIfPresent(Int.self, forKey: .scale)) else {
            throw Fault(
                TableFaults.schemaInvalid, "A column's type is not known, or its scale is missing or out of place.",
                at: "columns", wanted: "integer, decimal with scale 0 to 18, float, category, date or text")
        }
        try self.init(name, type)
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(name, forKey: .name)
        try box.encode(type.name, forKey: .type)
        if case .decimal(let scale) = type { try box.encode(scale, forKey: .scale) }
    }
}

/// JSON text as canonical forms write it.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0..<0x20:
                bytes += Array("\\u00".utf8) + [hex(byte >> 4), hex(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
