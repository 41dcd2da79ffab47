public import Ledger
public import Resources
public import TaskRuntime

/// Makes plans by the program's own catalogue, with the peers that are trusted now.
public struct CatalogueCompiling: JobCompiling {
    private let compiler: PlanCompiler
    private let site: SiteID
    private let peers: @Sendable () -> [String: SiteID]

    /// - Parameters:
    ///   - site: this site, which owns what it compiles.
    ///   - peers: the site of each trusted peer by name.
    public init(_ catalogue: OperatorCatalogue, site: SiteID, peers: @escaping @Sendable () -> [String: SiteID]) {
        compiler = PlanCompiler(catalogue)
        self.site = site
        self.peers = peers
    }

    public func plan(of resource: Resource, job: String) async throws -> JobPlan {
        try compiler.compile(resource, id: job, site: site, seed: JobPlan.randomSeed(), peers: peers())
    }
}

extension JobPlan {
    /// 32 bytes from the system's generator.
    public static func randomSeed() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
