import API
import Charts
import Hummingbird
import People
import Resources

/// The first page: how busy the machine is and with what, whether partners are reached, what waits for the viewer.
///
/// Each part is there for those who may see what it shows, in the place of the page.
struct HomeModule: PortalModule {
    var entries: [MenuEntry] { [MenuEntry(.home, Words("Home", "首页"), "/")] }

    func add(to routes: PortalRoutes) {
        routes.page("/", Self.page)
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let (jobs, approvals) = (try await HomeJobs(visit), try await HomeApprovals(visit))
        let (links, checks) = (try await HomeLinks(visit), try await HomeChecks(visit))
        let (machines, work) = (try await HomeMachines(visit), try await HomeWork(visit))
        let steps = try await FirstSteps(visit, hasPeers: links?.isEmpty == false)
        // What the viewer may watch; a stream of anything else would be refused.
        let kinds = [
            ("jobs", jobs != nil), ("approvals", approvals != nil), ("peers", links != nil), ("routes", links != nil),
        ].filter(\.1).map(\.0)
        return Page(Words("Home", "首页"), in: .home, live: .init(kinds: kinds, every: 15)) {
            steps.html
            checks?.html
            machines?.html
            tag("div", .class("grid")) {
                approvals?.html
                jobs?.html
            }
            work?.html
            links?.html
        }
    }
}

extension JSONValue {
    /// A number that the API left out where it is not known.
    func amount(_ path: String...) -> Double? {
        var value: JSONValue? = self
        for part in path { value = value?[part] }
        return value?.number
    }
}
