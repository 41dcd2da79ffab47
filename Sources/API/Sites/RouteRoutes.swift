import Hummingbird
import People
public import Resources
public import Sites

/// Probing a route on request; routes themselves are resources like any other.
public struct RouteRoutes: APIRoutes {
    private let keeper: LinkKeeper

    public init(keeper: LinkKeeper) {
        self.keeper = keeper
    }

    public func add(to door: Door) {
        door.post("routes/:name/probe", asks: .manage(.routes)) { [keeper] _, context in
            let name = try context.parameters.require("name")
            try Names.check(name, at: "route name")
            let report = try await keeper.probe(name)
            return Response.json(report.json)
        }
    }

    public var paths: [String: JSONValue] {
        [
            "/api/v1/routes/{name}/probe": [
                "post": OpenAPI.operation(
                    "probeRoute",
                    "Measure a route now, layer by layer, up to the first that fails: time, outcome, steps, figures.",
                    parameters: [["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]],
                    answer: ["type": "object"])
            ]
        ]
    }
}
