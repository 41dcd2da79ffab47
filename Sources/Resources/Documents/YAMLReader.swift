public import Faults
import Yams

/// Reads the documents of a YAML 1.2 file; JSON is a part of YAML, so one reader serves both.
///
/// Plain words mean what the core schema says: `no` and `on` are texts, only `true` and `false` are truth values.
/// Refused: duplicate keys, keys that are not texts, tags other than the core ones, nesting deeper than
/// `JSONParser.maximumDepth`, more than `maximumNodes` values after aliases are followed, files over `maximumBytes`.
public enum YAMLReader {
    public static let maximumBytes = 4 << 20
    public static let maximumNodes = 100_000

    /// - Parameter file: its name, for messages.
    /// - Throws: `ResourceFaults.syntax`, `.duplicateKey`, `.tooDeep`, `.tooLarge`.
    public static func documents(_ bytes: [UInt8], file: String? = nil) throws(Fault) -> [Document] {
        guard bytes.count <= maximumBytes else {
            throw Fault(ResourceFaults.tooLarge, at: file, wanted: "at most \(maximumBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(ResourceFaults.syntax, "The document is not valid UTF-8.", at: file)
        }
        try checkNesting(bytes, file: file)
        do {
            var documents: [Document] = []
            // The sequence keeps what stopped it to itself.
            var nodes = try Yams.compose_all(yaml: text)
            while let node = nodes.next() {
                var builder = DocumentBuilder(file: file)
                let value = try builder.value(node, path: "", depth: 0)
                if value == .null { continue }
                documents.append(Document(value, lines: builder.lines, file: file))
            }
            if let error = nodes.error { throw error }
            return documents
        } catch let fault as Fault {
            throw fault
        } catch let error as YamlError {
            throw fault(error, file: file)
        } catch {
            throw Fault(ResourceFaults.syntax, at: file)
        }
    }

    /// The parser below recurses; brackets and indentation bound its depth before it starts.
    private static func checkNesting(_ bytes: [UInt8], file: String?) throws(Fault) {
        var open = 0
        var line = 1
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            case UInt8(ascii: "\n"): line += 1
            default: break
            }
            if open > 4096 { throw Fault(ResourceFaults.tooDeep, at: place(line: line, file: file)) }
        }
    }

    private static func fault(_ error: YamlError, file: String?) -> Fault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Fault(
                ResourceFaults.syntax,
                "The document is not valid YAML: \(problem.shortened).",
                at: place(line: mark.line, column: mark.column, file: file)
            )
        case .duplicatedKeysInMapping(let keys, let context):
            return Fault(
                ResourceFaults.duplicateKey,
                "The key '\((keys.first ?? "").shortened)' appears twice.",
                at: place(line: context.mark.line, file: file)
            )
        default:
            return Fault(ResourceFaults.syntax, at: file)
        }
    }

    static func place(line: Int, column: Int? = nil, file: String?) -> String {
        "line \(line)" + (column.map { ", column \($0)" } ?? "") + (file.map { " of \($0)" } ?? "")
    }
}

/// Turns composed nodes into values, with a budget.
private struct DocumentBuilder {
    let file: String?
    var lines: [String: Int] = [:]
    private var nodes = 0

    init(file: String?) {
        self.file = file
    }

    mutating func value(_ node: Node, path: String, depth: Int) throws(Fault) -> JSONValue {
        nodes += 1
        let line = node.mark?.line ?? 1
        guard nodes <= YAMLReader.maximumNodes else {
            throw Fault(
                ResourceFaults.tooLarge,
                at: YAMLReader.place(line: line, file: file),
                wanted: "at most \(YAMLReader.maximumNodes) values"
            )
        }
        guard depth <= JSONParser.maximumDepth else {
            throw Fault(
                ResourceFaults.tooDeep,
                at: YAMLReader.place(line: line, file: file),
                wanted: "at most \(JSONParser.maximumDepth) levels"
            )
        }
        if !path.isEmpty { lines[path] = line }
        switch node {
        case .scalar(let scalar):
            return try CoreSchema.value(scalar, at: YAMLReader.place(line: line, file: file))
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for (index, element) in sequence.enumerated() {
                elements.append(try value(element, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return .array(elements)
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, member) in mapping {
                guard let name = key.scalar?.string else {
                    throw Fault(
                        ResourceFaults.syntax,
                        "A key must be a text.",
                        at: YAMLReader.place(line: line, file: file)
                    )
                }
                let memberPath = path.isEmpty ? name.shortened : "\(path).\(name.shortened)"
                let built = try value(member, path: memberPath, depth: depth + 1)
                lines[memberPath] = key.mark?.line ?? line
                guard members.updateValue(built, forKey: name) == nil else {
                    throw Fault(
                        ResourceFaults.duplicateKey,
                        "The key '\(name.shortened)' appears twice.",
                        at: YAMLReader.place(line: key.mark?.line ?? line, file: file)
                    )
                }
            }
            return .object(members)
        default:
            throw Fault(
                ResourceFaults.syntax,
                "An alias cannot be followed here.",
                at: YAMLReader.place(line: line, file: file)
            )
        }
    }
}
