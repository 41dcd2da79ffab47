public import Resources

/// What a watcher saw, written so that two are easily compared.
public struct Seen: Sendable, Hashable, CustomStringConvertible {
    public let kind: WatchEvent.Kind
    public let name: String
    public let size: Int64?
    public let version: ResourceVersion

    public var description: String { "\(kind) \(name) \(size.map(String.init) ?? "-") @\(version)" }
}

extension ResourceWatch {
    /// Every change up to and with the one of the resource named `last`; bookmarks are left out.
    public func seen(upTo last: String, within limit: Duration) async throws -> [Seen] {
        try await ResourcesTestKit.within(limit, "the change of \(last)") {
            var all: [Seen] = []
            for try await event in self {
                guard let resource = event.resource else { continue }
                all.append(
                    Seen(
                        kind: event.kind,
                        name: resource.metadata.name,
                        size: resource.spec["size"]?.integer,
                        version: event.version
                    )
                )
                if resource.metadata.name == last { break }
            }
            return all
        }
    }

    /// The first bookmark.
    public func bookmark(within limit: Duration) async throws -> ResourceVersion {
        try await ResourcesTestKit.within(limit, "a bookmark") {
            for try await event in self where event.kind == .bookmark { return event.version }
            throw WaitedTooLong("a bookmark; the watch ended")
        }
    }
}
