import Faults
import Resources
import Trials

/// The doors of a trial's sites: this program's own client.
struct TrialDoors: SiteDoors {
    func door(of folder: String) -> any SiteDoor { Door(folder: folder) }

    private struct Door: SiteDoor {
        let folder: String

        func get(_ path: [String], _ query: [(String, String)]) async throws -> JSONValue {
            try await APIClient.with(try location()) { try await $0.get(Self.path(path, query)) }
        }

        func post(_ path: [String], _ query: [(String, String)], _ body: JSONValue) async throws -> JSONValue {
            try await APIClient.with(try location()) { try await $0.post(Self.path(path, query), .json(body)) }
        }

        func upload(_ file: String, _ query: [(String, String)], as wanted: DatasetWish) async throws -> JSONValue {
            let scope = try ScopeOptions.of(query)
            return try await APIClient.with(try location()) { client in
                // What is there already an earlier driver of the trial has sent: nobody else uses its sites.
                try await Self.unlessThere {
                    var sender = FileSender(
                        client: client, name: wanted.name, scope: scope, retentionDays: 1, hasHeader: true,
                        countsRows: true)
                    // Nobody starts a site of a trial again meanwhile.
                    sender.patience = .seconds(2)
                    _ = try await sender.send(file)
                }
                let request = DataUploadCommand.request(wanted.name, ids: wanted.ids, label: wanted.label)
                try await Self.unlessThere {
                    try await DataUploadCommand.make(client, wanted.name, .object(request), scope)
                }
                return try await client.get(APIPath(["datasets", wanted.name], query: scope.query))
            }
        }

        private static func unlessThere(_ make: () async throws -> Void) async throws {
            do {
                try await make()
            } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {}
        }

        func export(_ dataset: String, _ query: [(String, String)], to file: String) async throws {
            let path = Self.path(["datasets", dataset, "export"], query + [("raw", "true")])
            let writer = try ExportFile.Writer(file)
            try await APIClient.with(try location()) { client in
                try await client.download(path) { try writer.write(Array($0)) }
            }
            _ = try writer.finish()
        }

        private func location() throws(Fault) -> DataLocation { try DataLocation(option: folder) }

        private static func path(_ segments: [String], _ query: [(String, String)]) -> APIPath {
            APIPath(segments, query: query.map { ($0.0, $0.1) })
        }
    }
}
