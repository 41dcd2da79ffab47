public import Resources

/// The API of one site, as a person uses it. What drives a trial knows sites by nothing else.
///
/// - Retry: none; what fails may have taken effect.
/// - Order: one call after another.
public protocol SiteDoor: Sendable {
    /// - Parameter path: under `/api/v1`.
    /// - Throws: the site's own fault; `ProgramFaults.notRunning` while it does not answer.
    func get(_ path: [String], _ query: [(String, String)]) async throws -> JSONValue

    /// - Throws: as `get`.
    func post(_ path: [String], _ query: [(String, String)], _ body: JSONValue) async throws -> JSONValue
}

/// Finds the door of the site whose data is in a folder.
public protocol SiteDoors: Sendable {
    func door(of folder: String) -> any SiteDoor
}
