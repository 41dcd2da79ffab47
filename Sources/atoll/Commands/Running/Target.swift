import ArgumentParser
import Faults

/// What a command line names: a kind, and possibly resources of it.
struct Target: Sendable, Hashable {
    /// As typed: name, plural or short name.
    let kind: String
    let names: [String]

    /// Reads `KIND`, `KIND NAME…` and `KIND/NAME…`. In the last form every word has its kind, and all must be the same.
    ///
    /// - Throws: `ProgramFaults.usage`.
    init(_ words: [String]) throws(Fault) {
        guard let first = words.first, !first.isEmpty else {
            throw Self.fault("A kind is missing.")
        }
        guard first.contains("/") else {
            if let strange = words.dropFirst().first(where: { $0.isEmpty || $0.contains("/") }) {
                throw Self.fault("'\(strange.prefix(60))' cannot stand after a kind.")
            }
            (kind, names) = (first, Array(words.dropFirst()))
            return
        }
        var kinds: [String] = []
        var names: [String] = []
        for word in words {
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw Self.fault("'\(word.prefix(60))' is not a kind and a name.")
            }
            kinds.append(String(parts[0]))
            names.append(String(parts[1]))
        }
        guard Set(kinds.map { $0.lowercased() }).count == 1 else {
            throw Self.fault(
                "One command takes resources of one kind, not of \(Set(kinds).sorted().joined(separator: " and ")).")
        }
        (self.kind, self.names) = (kinds[0], names)
    }

    /// Exactly one resource.
    static func one(_ words: [String]) throws(Fault) -> (kind: String, name: String) {
        let target = try Target(words)
        guard target.names.count == 1 else {
            throw fault(
                target.names.isEmpty ? "The name of the \(target.kind) is missing." : "Only one name is taken here.")
        }
        return (target.kind, target.names[0])
    }

    private static func fault(_ what: String) -> Fault {
        Fault(ProgramFaults.usage, what, wanted: "KIND NAME or KIND/NAME, such as `tenant retail-risk`")
    }
}
