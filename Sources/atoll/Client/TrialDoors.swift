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

        private func location() throws(Fault) -> DataLocation { try DataLocation(option: folder) }

        private static func path(_ segments: [String], _ query: [(String, String)]) -> APIPath {
            APIPath(segments, query: query.map { ($0.0, $0.1) })
        }
    }
}
