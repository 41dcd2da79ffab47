public import Faults

/// The kinds of one program, put together by its composition root.
public struct KindRegistry: Sendable {
    /// In order of name.
    public let kinds: [KindDefinition]
    /// The kinds whose resources a tenant or project in a scope names; nil where scopes are not resources (tests).
    public let tenantKind: String?
    public let projectKind: String?

    /// Two kinds with one name, plural or short name are a programming error and stop the program.
    public init(_ kinds: [KindDefinition], tenantKind: String? = nil, projectKind: String? = nil) {
        self.kinds = kinds.sorted { $0.name < $1.name }
        self.tenantKind = tenantKind
        self.projectKind = projectKind
        let words = kinds.flatMap { Set([$0.name.lowercased(), $0.plural] + $0.shortNames) }
        precondition(Set(words).count == words.count, "two kinds share a name")
    }

    /// Finds a kind by name, plural or short name, in any case.
    ///
    /// - Throws: `ResourceFaults.unknownKind` with the nearest known name.
    public func kind(_ word: String, at place: String? = nil) throws(Fault) -> KindDefinition {
        let lower = word.lowercased()
        let known = kinds.first { ([$0.name.lowercased(), $0.plural] + $0.shortNames).contains(lower) }
        if let known { return known }
        let suggestion = Nearest.name(to: word, among: kinds.flatMap { [$0.name, $0.plural] })
        throw Fault(
            ResourceFaults.unknownKind,
            "There is no kind '\(word.shortened)'.",
            at: place,
            wanted: suggestion.map { "did you mean '\($0)'?" } ?? kinds.map(\.name).joined(separator: ", ")
        )
    }
}
