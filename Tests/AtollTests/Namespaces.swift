import Foundation
import Resources
import Testing

@testable import atoll

/// Two network namespaces joined by a cable: the site's with `va` (10.77.0.1) and another with 10.77.0.2 and .3.
struct Namespaces {
    static let program = "/usr/sbin/ip"
    let site: String
    let other: String

    static func arePermitted() async throws -> Bool {
        guard Platform.isExecutableFile(program), Platform.isExecutableFile("/usr/bin/curl"), geteuid() == 0 else {
            return false
        }
        let name = "atoll-t\(ULID.make().suffix(8))"
        guard try await run(["netns", "add", name]) else { return false }
        return try await run(["netns", "delete", name])
    }

    init() async throws {
        // Tests run beside each other, also those of another process.
        let mark = ULID.make().suffix(8)
        site = "atoll-a\(mark)"
        other = "atoll-b\(mark)"
        for words in [
            "netns add \(site)", "netns add \(other)",
            "link add va netns \(site) type veth peer name vb netns \(other)", "-n \(site) link set lo up",
            "-n \(other) link set lo up",
            "-n \(site) addr add 10.77.0.1/24 dev va", "-n \(site) link set va up",
            "-n \(other) addr add 10.77.0.2/24 dev vb", "-n \(other) addr add 10.77.0.3/24 dev vb",
            "-n \(other) link set vb up",
        ] {
            let isDone = try await Self.run(words.split(separator: " ").map(String.init))
            try #require(isDone, "ip \(words)")
        }
    }

    /// The status of an HTTP request from the other namespace, `000` without an answer.
    func get(_ url: String, from source: String) async throws -> String {
        try await CommandOutcome.of(
            [
                "netns", "exec", other, "/usr/bin/curl", "-sk", "--max-time", "60", "--interface", source, "-o",
                "/dev/null", "-w", "%{http_code}", url,
            ], data: "", program: Self.program
        ).output
    }

    /// Runs a program in the other namespace.
    ///
    /// - Returns: whether it ended with 0.
    func run(_ words: [String]) async throws -> Bool {
        try await Self.run(["netns", "exec", other] + words)
    }

    /// Drops every packet at the other end of the cable, or lets them pass again.
    func cut(_ isCut: Bool) async throws -> Bool {
        guard isCut else { return try await run(["/usr/sbin/nft", "flush", "ruleset"]) }
        let folder = ClientFolder()
        let rules = folder.write(
            "cut.nft",
            """
            table inet cut {
                chain in {
                    type filter hook input priority 0; policy drop;
                }
                chain out {
                    type filter hook output priority 0; policy drop;
                }
            }
            """)
        return try await run(["/usr/sbin/nft", "-f", rules])
    }

    func remove() {
        for name in [site, other] {
            let process = Process()
            process.executableURL = URL(filePath: Self.program)
            process.arguments = ["netns", "delete", name]
            process.standardError = FileHandle.nullDevice
            try? process.run()
            process.waitUntilExit()
        }
    }

    private static func run(_ arguments: [String]) async throws -> Bool {
        try await CommandOutcome.of(arguments, data: "", program: program).status == 0
    }
}
