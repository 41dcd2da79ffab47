import Resources
import Sites

/// One setting of `atoll serve`: its name, what it may be, and what it is when nobody says anything.
///
/// Written `log.level` in `atoll.yaml` (as nested groups), `ATOLL_LOG_LEVEL` in the environment, `--log-level` as a flag.
struct SettingKey: Sendable {
    let name: String
    let form: Form
    let defaultValue: String
    let isSecret: Bool
    let summary: String

    enum Form: Sendable {
        case choice([String])
        case integer(ClosedRange<Int>)
        /// `HOST:PORT`, or empty for none; the host may be an interface.
        case address
        /// Ranges of addresses, or a word; see `AllowList`.
        case allowList
        /// `HOST:PORT` separated by commas, or empty for none.
        case addresses
        /// A file, or empty for none.
        case path
        /// One line of at most so many characters, or empty.
        case line(Int)
        /// Exactly so many hexadecimal digits, or empty for none.
        case hexadecimal(Int)
        /// Names separated by commas, or empty.
        case names
        /// Names that may have several parts joined by dots, separated by commas, or empty.
        case dottedNames

        var wanted: String {
            switch self {
            case .choice(let words): "one of " + words.joined(separator: ", ")
            case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .address: "HOST:PORT with a port from 1 to 65535; HOST may be an interface"
            case .allowList: "everyone, loopback, or ranges such as 10.0.0.0/8 separated by commas"
            case .addresses: "HOST:PORT, separated by commas"
            case .path: "the path of a file"
            case .line(let count): "one line of at most \(count) characters"
            case .hexadecimal(let count): "\(count) hexadecimal digits"
            case .names: "names of a-z, 0-9 and hyphens, separated by commas"
            case .dottedNames: "names of a-z, 0-9 and hyphens, joined by dots, separated by commas"
            }
        }

        func accepts(_ text: String) -> Bool {
            switch self {
            case .choice(let words): words.contains(text)
            case .integer(let range): Int(text).map(range.contains) ?? false
            case .address: text.isEmpty || HostAndPort(text) != nil
            case .allowList: (try? AllowList(text)) != nil
            case .addresses: Self.list(text).allSatisfy { HostAndPort($0) != nil }
            case .line(let count): text.count <= count && !text.unicodeScalars.contains { $0.value < 0x20 }
            case .path: !text.utf8.contains(0) && text.utf8.count < 4096
            case .hexadecimal(let count): text.isEmpty || (text.utf8.count == count && text.allSatisfy(\.isHexDigit))
            case .names: Self.list(text).allSatisfy(Names.isValid)
            case .dottedNames: Self.list(text).allSatisfy(Names.isDotted)
            }
        }

        /// The elements of a text with commas, without the spaces around them.
        static func list(_ text: String) -> [String] {
            text.split(separator: ",").map { $0.filter { $0 != " " } }
        }
    }

    static let logLevel = SettingKey(
        name: "log.level", form: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        defaultValue: "info", isSecret: false, summary: "The least severe lines that are logged."
    )
    static let logForm = SettingKey(
        name: "log.form", form: .choice(["auto", "human", "json"]), defaultValue: "auto", isSecret: false,
        summary: "How log lines look; auto is human on a terminal and JSON elsewhere."
    )
    static let siteName = SettingKey(
        name: "site.name", form: .line(80), defaultValue: "", isSecret: false,
        summary: "The name that peers see; the beginning of the site's id when empty."
    )
    static let advertise = SettingKey(
        name: "federation.advertise", form: .addresses, defaultValue: "", isSecret: false,
        summary: "Where peers reach this site, as invitations say; federation.address when empty."
    )
    static let storeHistory = SettingKey(
        name: "store.history", form: .integer(100...1_000_000), defaultValue: "8192", isSecret: false,
        summary: "How many changes are kept for watchers that come back."
    )
    static let secretsKey = SettingKey(
        name: "secrets.key", form: .hexadecimal(64), defaultValue: "", isSecret: true,
        summary: "The key of the secrets table in place of the file secrets.key, for example from a mounted secret."
    )

    static let all = [logLevel, logForm, siteName, advertise, storeHistory, secretsKey] + planes + jobs + storage
}
