import Faults
import Resources

/// Finds `atoll-bench-NAME` beside the program, or in `../libexec/atoll` of an installation.
struct BenchFinder: Sendable {
    static let prefix = "atoll-bench-"

    let directories: [String]

    /// - Parameter program: the path of the running program, links followed.
    init(program: String?) {
        let home = program.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } } ?? "."
        directories = [home, "\(home)/../libexec/atoll"]
    }

    /// The benches found, sorted.
    var names: [String] {
        let found = directories.flatMap { directory in
            (Platform.names(in: directory) ?? []).filter {
                $0.hasPrefix(Self.prefix) && Names.isValid($0) && Platform.isExecutableFile("\(directory)/\($0)")
            }
        }
        return Set(found.map { String($0.dropFirst(Self.prefix.count)) }).sorted()
    }

    /// - Throws: `ProgramFaults.usage` for a name that no bench can have; `.benchMissing`.
    func path(of name: String) throws(Fault) -> String {
        guard Names.isValid(name) else {
            throw Fault(
                ProgramFaults.usage,
                "'\(TerminalText.line(String(name.prefix(40))))' is not the name of a bench.",
                wanted: "a-z, 0-9 and '-'"
            )
        }
        let candidates = directories.map { "\($0)/\(Self.prefix)\(name)" }
        guard let path = candidates.first(where: Platform.isExecutableFile) else { throw missing(name) }
        return path
    }

    func missing(_ name: String?) -> Fault {
        let known = names
        let nearest = name.flatMap { Nearest.name(to: $0, among: known) }
        return Fault(
            ProgramFaults.benchMissing,
            name.map { "There is no program '\(Self.prefix)\($0)' beside this program." }
                ?? "There are no bench programs beside this program.",
            at: directories.joined(separator: ", "),
            wanted: nearest.map { "did you mean '\($0)'?" }
                ?? (known.isEmpty ? nil : "one of " + known.joined(separator: ", "))
        )
    }
}
