public import Data
import Faults
public import Ledger
import Sites

/// How many rows datasets have, for those who may know it.
///
/// - Retry: asking changes nothing.
public protocol DatasetSizes: Sendable {
    /// - Parameters:
    ///   - peer: who asks; nil for this site.
    ///   - operatorName: what it wants to do with the dataset.
    /// - Throws: `DataFaults`; for a peer `GrantFaults`, `.missing` also where there is no such dataset.
    func rows(of dataset: String, for peer: SiteID?, operatorName: String) async throws -> Int64
}

/// For sites without datasets.
public struct UnknownSizes: DatasetSizes {
    public init() {}

    public func rows(of dataset: String, for peer: SiteID?, operatorName: String) async throws -> Int64 {
        throw Fault(DataFaults.unknownDataset)
    }
}

/// Sizes of the site's datasets; peers learn of those that are granted to them.
public struct GrantedSizes: DatasetSizes {
    private let grants: GrantShelf
    private let name: @Sendable (SiteID) -> String?

    /// - Parameter name: of a peer here; nil for what is none.
    public init(grants: GrantShelf, name: @escaping @Sendable (SiteID) -> String?) {
        self.grants = grants
        self.name = name
    }

    public func rows(of dataset: String, for peer: SiteID?, operatorName: String) async throws -> Int64 {
        guard let peer else { return try await grants.rows(of: dataset) }
        guard let name = name(peer) else { throw Fault(GrantFaults.missing) }
        return try await grants.rows(of: dataset, grantedTo: name, for: operatorName)
    }
}
