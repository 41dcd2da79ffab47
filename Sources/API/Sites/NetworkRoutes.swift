import Hummingbird
import People
public import Resources
public import Sites

/// How the site listens, for `atoll verify network`.
public struct NetworkRoutes: APIRoutes {
    private let planes: [PlaneDescription]

    /// - Parameter planes: those that are open.
    public init(planes: [PlaneDescription]) {
        self.planes = planes
    }

    public func add(to door: Door) {
        door.get("network", asks: .view(.site)) { [planes] _, _ in
            Response.json([
                "planes": .array(planes.map(\.json)), "expected": .array(NetworkMatrix(planes).rows.map(\.json)),
            ])
        }
    }

    public var paths: [String: JSONValue] {
        [
            "/api/v1/network": [
                "get": [
                    "summary":
                        "The planes that are open: address, port, security and who is allowed; and what must be found from each to each.",
                    "responses": [
                        "200": [
                            "description":
                                "`{planes: [{plane, address, port, security, allow}], expected: [{from, to, try, expected}]}`"
                        ]
                    ],
                ]
            ]
        ]
    }
}
