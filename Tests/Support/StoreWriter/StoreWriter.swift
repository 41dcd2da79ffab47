import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes to the store of a folder from four tasks until it is killed, and prints a line for every write that the store
/// has acknowledged: `put NAME UID VERSION GENERATION SIZE` or `gone NAME UID`.
@main struct StoreWriter {
    static func main() async throws {
        let folder = CommandLine.arguments[1]
        var seed = UInt64(CommandLine.arguments[2])!
        let database = try SQLiteDatabase(
            path: "\(folder)/store.db",
            snapshots: "\(folder)/snapshots",
            migrations: [ResourceMigrations.self]
        )
        let store = try SQLiteResourceStore(database, history: 200)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                seed = next(seed)
                let start = seed
                group.addTask { try await work(on: store, as: writer, seed: start) }
            }
            try await group.waitForAll()
        }
    }

    /// One write after the other, so at most one of this writer's is under way when the process is killed.
    private static func work(on store: SQLiteResourceStore, as writer: Int, seed: UInt64) async throws {
        let note = ChangeNote(author: "writer \(writer)")
        var random = seed
        while true {
            random = next(random)
            let id = ResourceID(kind: "Widget", name: "w-\(writer)-\(random >> 32 & 3)")
            let written: Resource
            if var resource = try await store.find(id) {
                switch random >> 40 & 15 {
                case 0:
                    let last = try await store.delete(id, version: resource.metadata.version, by: note)
                    print("gone \(id.name) \(last.metadata.uid)")
                    continue
                case 1...4:
                    resource.status = ["seen": .integer(Int64(random >> 48))]
                    written = try await store.updateStatus(resource)
                default:
                    resource.spec = ["size": .integer((resource.spec["size"]?.integer ?? 0) + 1)]
                    resource.metadata.labels = ["turn": String(random >> 60)]
                    written = try await store.update(resource, by: note)
                }
            } else {
                written = try await store.create(Resource(id, spec: ["size": 0]), by: note)
            }
            print(
                "put \(id.name) \(written.metadata.uid) \(written.metadata.version!) "
                    + "\(written.metadata.generation) \(written.spec["size"]!.integer!)"
            )
        }
    }

    /// One system call per line, so that a line is whole or absent when the process is killed.
    private static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(1, bytes, bytes.count)
    }

    private static func next(_ state: UInt64) -> UInt64 {
        state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    }
}
