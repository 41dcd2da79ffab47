import Hummingbird
import People

/// Other institutions' sites: who they are, how they are reached, what they may use, and what crossed.
struct FederationModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.federation, Words("Federation", "联邦"), "/federation", asks: .view(.peers))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("federation", PeerListPage.page)
        PeerPage.add(to: routes)
        JoinPages.add(to: routes)
        RoutePages.add(to: routes)
        GrantListPage.add(to: routes)
        NewGrantPage.add(to: routes)
        GrantPage.add(to: routes)
        LedgerPage.add(to: routes)
        LedgerLinesPage.add(to: routes)
        NetworkPage.add(to: routes)
    }
}

/// The pages of the module that stand beside each other.
enum FederationTab: CaseIterable {
    case peers, routes, grants, ledger, networks

    private var title: Words {
        switch self {
        case .peers: Words("Sites and peers", "站点与对等站点")
        case .routes: Words("Routes", "路由")
        case .grants: Words("Grants", "授权")
        case .ledger: Words("Ledger", "账本")
        case .networks: Words("Networks", "网络")
        }
    }

    var path: String {
        switch self {
        case .peers: "/federation"
        case .routes: "/federation/routes"
        case .grants: "/federation/grants"
        case .ledger: "/federation/ledger"
        case .networks: "/federation/network"
        }
    }

    private var asks: Permission {
        switch self {
        case .peers: .view(.peers)
        case .routes: .view(.routes)
        case .grants: .view(.grants)
        case .ledger: .view(.ledger)
        case .networks: .view(.site)
        }
    }

    /// Those that the viewer may open, with this one chosen.
    func bar(_ visit: Visit) -> HTML {
        let shown = Self.allCases.filter { $0 == self || visit.may($0.asks) }
        return tabs(
            shown.map { (title: $0.title, path: visit.link($0.path)) }, chosen: shown.firstIndex(of: self) ?? 0)
    }

    /// The way from the section down to a page of one thing.
    func trail(_ visit: Visit) -> [(HTML, String)] {
        let section = (HTML(Words("Federation", "联邦")), visit.link("/federation"))
        return self == .peers ? [section] : [section, (HTML(title), visit.link(path))]
    }
}
