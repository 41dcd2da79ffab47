import Foundation
import Resources

/// What happened behind the pages since it was last asked for.
public struct PageLog: Sendable {
    /// Errors and warnings of the console: uncaught errors, refused content, failed requests.
    public var console: [String] = []
    public var requests: [Request] = []

    public struct Request: Sendable, Equatable {
        public let address: String
        /// As the browser calls it: `Document`, `Stylesheet`, `Script`, `Fetch`, `EventSource`.
        public let type: String
        public var status: Int?
    }

    /// Requests that went somewhere else. What lies in the page or in the browser itself is no request.
    public func requests(outside origins: [String]) -> [String] {
        requests.map(\.address).filter { address in
            !["data:", "about:", "blob:", "chrome:"].contains { address.hasPrefix($0) }
                && !origins.contains { address == $0 || address.hasPrefix($0 + "/") }
        }
    }

    /// What must not be: words in the console, requests to elsewhere.
    ///
    /// - Parameter refused: statuses that pages themselves are expected to have; the console tells of them.
    public func troubles(origins: [String], refused: Set<Int> = []) -> [String] {
        let expected = requests.filter { $0.type == "Document" && refused.contains($0.status ?? 0) }.map(\.address)
        let said = console.filter { line in
            !(line.contains("Failed to load resource") && expected.contains { line.contains($0) })
        }
        return said + requests(outside: origins).map { "a request to \($0)" }
    }
}

extension Browser {
    /// Takes what has happened since the last time.
    public func takeLog() async throws -> PageLog {
        var log = PageLog()
        for entry in try await entries("browser")
        where ["WARNING", "SEVERE"].contains(entry["level"]?.string) {
            log.console.append(entry["message"]?.string ?? "")
        }
        var places: [String: Int] = [:]
        for entry in try await entries("performance") {
            guard let text = entry["message"]?.string, let event = try? JSONParser.parse(text)["message"] else {
                continue
            }
            Self.read(event, into: &log, at: &places)
        }
        return log
    }

    private func entries(_ type: JSONValue) async throws -> [JSONValue] {
        try await ask(.post, "/se/log", ["type": type]).array ?? []
    }

    private static func read(_ event: JSONValue, into log: inout PageLog, at places: inout [String: Int]) {
        let values = event["params"] ?? .null
        let id = values["requestId"]?.string ?? ""
        switch event["method"]?.string {
        case "Network.requestWillBeSent":
            // What comes before a redirect is a request of its own under the same number.
            if let place = places[id] { log.requests[place].status = values[path: "redirectResponse", "status"]?.int }
            places[id] = log.requests.count
            log.requests.append(
                .init(address: values[path: "request", "url"]?.string ?? "", type: values["type"]?.string ?? ""))
        case "Network.webSocketCreated":
            log.requests.append(.init(address: values["url"]?.string ?? "", type: "WebSocket"))
        case "Network.responseReceived":
            if let place = places[id] { log.requests[place].status = values[path: "response", "status"]?.int }
        default: break
        }
    }
}

extension JSONValue {
    var int: Int? { number.map { Int($0) } }
}
