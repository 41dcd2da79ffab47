import Hummingbird
public import People
public import Resources

/// Dry runs of directories; directories themselves are resources like any other.
public struct DirectoryRoutes: APIRoutes {
    private let directories: Directories

    public init(directories: Directories) {
        self.directories = directories
    }

    public func add(to door: Door) {
        door.post("directories/:name/test", asks: .manage(.directories), keys: .refused) {
            [directories] request, context in
            let name = try context.parameters.require("name")
            try Names.check(name, at: "path")
            let body = try await request.fields(["user", "password"])
            let user = try body.optionalText("user")
            let password = try body.optionalText("password").map { Array($0.utf8) }
            let report = try await directories.probe(name, user: user, password: password)
            return Response.json(report.json, headers: [.cacheControl: "no-store"])
        }
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        let body: JSONValue = [
            "type": "object", "properties": ["user": ["type": "string"], "password": ["type": "string"]],
        ]
        return [
            "/api/v1/directories/{name}/test": [
                "post": OpenAPI.operation(
                    "testDirectory",
                    "Go the way of a login layer by layer, up to the first that fails; changes nothing.",
                    parameters: [name], body: body, answer: ["type": "object"])
            ]
        ]
    }
}

extension DirectoryReport {
    var json: JSONValue {
        [
            "outcome": .string(isGood ? "pass" : "fail"),
            "steps": .array(
                steps.map {
                    [
                        "layer": .string($0.layer.rawValue), "outcome": .string($0.outcome.rawValue),
                        "found": .string($0.found), "wanted": .string($0.wanted), "fix": .string($0.fix),
                    ]
                }),
            "groups": .array(groups.map { .string($0) }), "roles": .array(roles.map(\.json)),
        ]
    }
}
