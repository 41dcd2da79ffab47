import Hummingbird
import People
import Resources

/// Data center: what this site has, how it came, what it is like, who may use it, and what is asked of peers.
struct DataModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.data, Words("Data", "数据中心"), "/data", asks: .view(.datasets))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("data", DatasetList.page)
        DatasetPage.add(to: routes)
        UploadPages.add(to: routes)
        RequestPages.add(to: routes)
    }

    /// The lists of the section, as far as the viewer may see them.
    static func lists(_ visit: Visit, chosen: Int) -> HTML {
        let all: [(Words, String, Permission)] = [
            (Words("Datasets", "数据集"), "/data", .view(.datasets)),
            (Words("Files and uploads", "文件与上传"), "/data/files", .view(.files)),
            (Words("Access requests", "访问申请"), "/data/requests", .view(.accessRequests)),
        ]
        // Which is chosen is counted among all of them.
        let seen = all.enumerated().filter {
            $0.element.2 == .view(.datasets) || visit.viewer.mayAnywhere($0.element.2)
        }
        return tabs(
            seen.map { ($0.element.0, visit.link($0.element.1)) },
            chosen: seen.firstIndex { $0.offset == chosen } ?? -1)
    }

    static let trail: (Words, String) = (Words("Data", "数据中心"), "/data")
}

/// A resource of a project, as a page names it.
struct ProjectThing {
    let name: String
    let tenant: String
    let project: String
    let spec: JSONValue
    let status: JSONValue
    let made: String?
    let labels: [String: JSONValue]

    init(_ resource: JSONValue) {
        name = resource[path: "metadata", "name"]?.string ?? ""
        tenant = resource[path: "metadata", "tenant"]?.string ?? ""
        project = resource[path: "metadata", "project"]?.string ?? ""
        spec = resource["spec"] ?? [:]
        status = resource["status"] ?? [:]
        made = resource[path: "metadata", "creationTimestamp"]?.string
        labels = resource[path: "metadata", "labels"]?.object ?? [:]
    }

    var placed: [(String, String?)] { [("tenant", tenant), ("project", project)] }

    /// An address about it.
    func path(_ prefix: String, _ tab: String? = nil, _ query: [(String, String?)] = []) -> String {
        address("\(prefix)/\(encoded(name))" + (tab.map { "/\($0)" } ?? ""), query + placed)
    }

    /// Tenant and project, where a list is of more than one.
    var place: String { "\(tenant) / \(project)" }

    func texts(_ member: String) -> [String] { (spec[member]?.array ?? []).compactMap(\.string) }
}

/// 12.3 %.
func percent(_ share: Double?) -> HTML {
    guard let share, share.isFinite else { return plain("–") }
    return plain("\(decimalText(share * 100, 1)) %")
}

/// A list of names, each by itself.
func names(_ texts: [String], most: Int = 200) -> HTML {
    guard !texts.isEmpty else { return plain("–") }
    return plain(texts.prefix(most).joined(separator: ", ") + (texts.count > most ? ", …" : ""))
}
