import BenchAPI
import BenchKit
import Foundation

/// What a browser that was never here fetches until it has the first page.
enum WeightRows {
    static let all: [BenchRow] = [
        BenchRow(
            "portal.home.weight", unit: "bytes",
            doc: """
                The home page with its style, script and mark, heads and bodies as they are sent to a browser that takes \
                gzip and has nothing yet; without TLS.
                """,
            goal: .value(.atMost, 61_440)
        ) { _ in
            Measurement([
                try await APISite.with { site in
                    let connection = try TLSConnection(port: site.port)
                    let page = try get(connection, "/", site.token)
                    let text = String(decoding: page.body, as: UTF8.self)
                    let files = text.matches(of: /(?:href|src)="(\/assets\/[^"]+)"/).map { String($0.1) }
                    guard files.count >= 3 else { throw BenchFailure("the home page names \(files.count) files") }
                    return try (["/"] + files).map { path in
                        let packed = try get(connection, path, site.token, ["Accept-Encoding: gzip"])
                        return Double(packed.head.utf8.count + 4 + packed.body.count)
                    }.reduce(0, +)
                }
            ])
        }
    ]

    private static func get(
        _ connection: TLSConnection, _ path: String, _ token: String, _ headers: [String] = []
    ) throws -> TLSConnection.Answer {
        let answer = try connection.ask("GET", path, token: token, headers: headers)
        guard answer.status == 200 else { throw BenchFailure("\(path) was answered with \(answer.status)") }
        return answer
    }
}
