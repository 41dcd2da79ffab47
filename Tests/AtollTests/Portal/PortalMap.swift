import Foundation
import Hummingbird

@testable import API
@testable import Portal

/// Every route of the portal, as the program has them: what is added there is looked at without anybody naming it here.
enum PortalMap {
    struct Route: Hashable, CustomStringConvertible {
        let method: String
        /// `/data/{name}`.
        let pattern: String
        var description: String { "\(method) \(pattern)" }

        /// - Parameter address: path, with or without a query.
        func matches(_ address: String) -> Bool {
            let path = address.prefix { $0 != "?" && $0 != "#" }
            let (own, its) = (pattern.split(separator: "/"), path.split(separator: "/"))
            return own.count == its.count && zip(own, its).allSatisfy { $0.contains("{") || $0 == $1 }
        }
    }

    static let routes: [Route] = {
        let router = Router(context: APIContext.self)
        let nothing = InnerAPI(responder: Router(context: APIContext.self).buildResponder())
        Portal(version: "0").add(to: router.group(), api: nothing)
        return router.routes.map { Route(method: $0.method.rawValue, pattern: $0.path.description) }
            .filter { !$0.pattern.contains("**") }.sorted { "\($0)" < "\($1)" }
    }()

    /// The most particular route that an address leads to.
    static func route(_ method: String, _ address: String) -> Route? {
        routes.filter { $0.method == method && $0.matches(address) }
            .min { $0.pattern.count { $0 == "{" } < $1.pattern.count { $0 == "{" } }
    }
}
