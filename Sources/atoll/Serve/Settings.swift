import Configuration
import Faults
import Resources

/// The settings of one start, each with the place it came from. Flags win over the environment, the environment over
/// the file, the file over the defaults.
struct Settings: Sendable {
    enum Source: String, Sendable {
        case flag, environment, file
        case builtIn = "default"
    }

    struct Value: Sendable {
        let key: SettingKey
        let text: String
        let source: Source
    }

    private let values: [String: Value]

    /// - Parameters:
    ///   - flags: by setting name; only those given.
    ///   - environment: the process's environment.
    ///   - file: the content of `atoll.yaml`, and its path for messages; nil when there is none.
    /// - Throws: `ProgramFaults.unknownSetting`, `.invalidSetting`, and the faults of reading YAML.
    init(flags: [String: String], environment: [String: String], file: (bytes: [UInt8], path: String)?) throws {
        let fromFile = try file.map { try Self.read($0.bytes, path: $0.path) } ?? [:]
        let sources: [(Source, any ConfigProvider)] = [
            (.flag, Self.provider("flags", flags)),
            (.environment, EnvironmentVariablesProvider(environmentVariables: environment)),
            (.file, Self.provider("file", fromFile)),
        ]
        var values: [String: Value] = [:]
        for key in SettingKey.all {
            let path = AbsoluteConfigKey(["atoll"] + key.name.split(separator: ".").map(String.init))
            var chosen = Value(key: key, text: key.defaultValue, source: .builtIn)
            for (source, provider) in sources {
                guard let found = try provider.value(forKey: path, type: .string).value,
                    case .string(let text) = found.content
                else { continue }
                chosen = Value(key: key, text: text, source: source)
                break
            }
            guard key.form.accepts(chosen.text) else { throw Self.invalid(chosen, file: file?.path) }
            values[key.name] = chosen
        }
        self.values = values
    }

    subscript(_ key: SettingKey) -> String {
        values[key.name]?.text ?? key.defaultValue
    }

    /// Every setting in order of name; secrets come out as `[redacted]`.
    var shown: [(name: String, value: String, source: Source, summary: String)] {
        values.values.sorted { $0.key.name < $1.key.name }.map { value in
            let isHidden = value.key.isSecret && !value.text.isEmpty
            return (value.key.name, isHidden ? "[redacted]" : value.text, value.source, value.key.summary)
        }
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        var entries: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, text) in values {
            entries[AbsoluteConfigKey(["atoll"] + key.split(separator: ".").map(String.init))] = ConfigValue(
                .string(text),
                isSecret: false
            )
        }
        return InMemoryProvider(name: name, values: entries)
    }

    /// The leaves of the file by dotted name.
    private static func read(_ bytes: [UInt8], path: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for document in try YAMLReader.documents(bytes, file: path) {
            try collect(document.value, name: "", document, into: &values)
        }
        return values
    }

    private static func collect(
        _ value: JSONValue,
        name: String,
        _ document: Document,
        into values: inout [String: String]
    ) throws {
        if case .object(let members) = value {
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                try collect(member, name: name.isEmpty ? key : "\(name).\(key)", document, into: &values)
            }
            return
        }
        let place = document.locate(name)
        guard SettingKey.all.contains(where: { $0.name == name }) else {
            let near = Nearest.name(to: name, among: SettingKey.all.map(\.name))
            throw Fault(
                ProgramFaults.unknownSetting,
                "There is no setting '\(name.prefix(60))'.",
                at: place,
                wanted: near.map { "did you mean '\($0)'?" } ?? SettingKey.all.map(\.name).joined(separator: ", ")
            )
        }
        switch value {
        case .string(let text): values[name] = text
        case .integer(let number): values[name] = String(number)
        case .null: break
        default: throw Fault(ProgramFaults.invalidSetting, "The setting '\(name)' is not one value.", at: place)
        }
    }

    private static func invalid(_ value: Value, file: String?) -> Fault {
        let place =
            switch value.source {
            case .flag: "--" + value.key.name.split(separator: ".").joined(separator: "-")
            case .environment: "ATOLL_" + value.key.name.split(separator: ".").joined(separator: "_").uppercased()
            case .file: "\(value.key.name) in \(file ?? "the file")"
            case .builtIn: value.key.name
            }
        return Fault(
            ProgramFaults.invalidSetting,
            "The setting '\(value.key.name)' cannot be used.",
            at: place,
            wanted: value.key.form.wanted
        )
    }
}
