import People
import Resources

extension Session {
    func json(isOwn caller: Caller?) -> JSONValue {
        [
            "id": .string(id), "user": .string(user), "created": .string(created.description),
            "seen": .string(seen.description), "ends": .string(ends.description), "address": .string(address),
            "current": .bool(caller?.session == id),
        ]
    }
}

extension Token {
    var json: JSONValue {
        [
            "id": .string(id), "user": .string(user), "name": .string(name),
            "permissions": permissions.map { .array($0.map(\.description).sorted().map { .string($0) }) } ?? .null,
            "tenant": scope.tenant.map { .string($0) } ?? .null, "project": scope.project.map { .string($0) } ?? .null,
            "created": .string(created.description), "ends": .string(ends.description),
            "used": used.map { .string($0.description) } ?? .null,
        ]
    }
}

extension RoleBinding {
    var json: JSONValue {
        GivenRole(role: role.name, scope: scope).json
    }
}

extension GivenRole {
    var json: JSONValue {
        [
            "role": .string(role), "tenant": scope.tenant.map { .string($0) } ?? .null,
            "project": scope.project.map { .string($0) } ?? .null,
        ]
    }
}

extension Role {
    var json: JSONValue {
        [
            "name": .string(name), "summary": .string(summary), "platformOnly": .bool(isForPlatform),
            "permissions": .array(shown.map { .string($0.description) }),
        ]
    }
}
