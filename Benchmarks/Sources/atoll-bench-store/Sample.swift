import BenchKit
import Foundation
import Resources

/// The resources that the rows write: about 1 kB as stored.
enum Sample {
    static let kind = "Widget"
    static let note = ChangeNote(author: "bench", reason: "measure")

    static func resource(_ number: Int) -> Resource {
        let id = ResourceID(kind: kind, scope: Scope(tenant: "retail-risk", project: "merchants"), name: "w-\(number)")
        return Resource(id, labels: ["app": "bench", "tier": "t\(number % 10)"], spec: spec(0))
    }

    static func changed(_ resource: Resource, to round: Int) -> Resource {
        var changed = resource
        changed.spec = spec(round + 1)
        return changed
    }

    /// As stored: a document without a version.
    static func text(_ resource: Resource) -> String {
        var stored = resource
        stored.metadata.version = nil
        return String(decoding: JSONWriter.compact(stored.json), as: UTF8.self)
    }

    private static func spec(_ round: Int) -> JSONValue {
        [
            "round": .integer(Int64(round)), "image": "widgets/painter:1.4.2", "replicas": 3,
            "columns": .array((0..<20).map { .string("feature_column_\($0)") }),
            "limits": ["cpu": 2.5, "memory": "512Mi"], "purpose": .string(String(repeating: "risk ", count: 40)),
        ]
    }
}

/// Runs the body with a fresh folder on the disk of the temporary folder and removes it after.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(ULID.make())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func openDatabase(in folder: String) throws -> SQLiteDatabase {
    try SQLiteDatabase(
        path: "\(folder)/store.db",
        snapshots: "\(folder)/snapshots",
        migrations: [ResourceMigrations.self]
    )
}
