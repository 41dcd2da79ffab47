import Hummingbird
public import Resources

/// Routes of one noun under `/api/v1`, beside those that every kind has.
public protocol APIRoutes: Sendable {
    func add(to door: Door)

    /// What the API's description says of them: OpenAPI path items by path.
    var paths: [String: JSONValue] { get }
}
