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

    /// Sends a CSV file and has a dataset made of it.
    ///
    /// - Returns: the dataset.
    /// - Throws: as `get`, and what the file cannot be read for.
    func upload(_ file: String, _ query: [(String, String)], as wanted: DatasetWish) async throws -> JSONValue

    /// Writes a dataset of the site as CSV; the file must not be there.
    func export(_ dataset: String, _ query: [(String, String)], to file: String) async throws
}

/// The dataset that is to be made of a file.
public struct DatasetWish: Sendable, Hashable {
    public let name: String
    public let ids: [String]
    public let label: String?
}

/// Finds the door of the site whose data is in a folder.
public protocol SiteDoors: Sendable {
    func door(of folder: String) -> any SiteDoor
}
