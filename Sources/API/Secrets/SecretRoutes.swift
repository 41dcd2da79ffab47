import Faults
import HTTPTypes
import Hummingbird
import People
import Resources
import Secrets

/// Names of secrets go out, values only come in.
struct SecretRoutes {
    let secrets: SecretStore

    func add(to door: Door) {
        door.get("secrets", asks: .view(.secrets), use: list)
        door.put("secrets/:name", asks: .manage(.secrets), keys: .refused, use: set)
        door.delete("secrets/:name", asks: .manage(.secrets), use: delete)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        .list(try await secrets.list().map(\.json))
    }

    @Sendable private func set(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        let value = try await request.bytes(atMost: SecretStore.maximumBytes + 1)
        return .json(try await secrets.set(name, to: value, by: author(context)).json)
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "secret name")
        try await secrets.delete(name)
        return .json(["name": .string(name)])
    }
}

extension SecretStore.Entry {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "changed": .string(changed.description), "author": .string(author),
            "bytes": .integer(Int64(bytes)),
        ]
    }
}
