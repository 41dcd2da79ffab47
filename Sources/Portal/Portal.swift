public import API
public import Hummingbird

/// The web portal: pages over the site's API, in English and Chinese, that need no script and nothing from elsewhere.
///
/// Part of `atoll serve` on the management plane. `docs/portal.md` says how a page is written.
public struct Portal: Pages {
    /// What pages tell of the program.
    let version: String
    let assets: Assets

    /// - Parameters:
    ///   - version: of the program.
    ///   - folder: whose files are served in place of those in the program, read anew each time: for work on the portal.
    public init(version: String, assets folder: String? = nil) {
        self.version = version
        assets = Assets(folder: folder)
    }

    /// Every module, in the order of the menu.
    static let modules: [any PortalModule] = [
        EntranceModule(), HomeModule(), DataModule(), AlgorithmsModule(), TrainingModule(), ModelsModule(),
        FederationModule(), ProjectsModule(), ApprovalsModule(), PeopleModule(), AuditModule(), HistoryModule(),
        OwnModule(), SystemModule(),
    ]

    public func add(to group: RouterGroup<APIContext>, api: InnerAPI) {
        let routes = PortalRoutes(group: group, api: api, portal: self)
        assets.add(to: group)
        LiveStream(api: api).add(to: group)
        for module in Self.modules { module.add(to: routes) }
        routes.closeWithNotFound()
    }

    public func largestBody(at target: String) -> Int64? {
        target.prefix { $0 != "?" } == "/data/upload" ? FileForm.mostBytes + (1 << 20) : nil
    }
}

/// One part of the portal, with its pages and its forms.
protocol PortalModule: Sendable {
    /// Its entries in the menu.
    var entries: [MenuEntry] { get }
    func add(to routes: PortalRoutes)
}
