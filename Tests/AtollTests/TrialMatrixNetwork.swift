import Foundation
import Testing

@testable import atoll

/// A network of a trial's own, whose link between the sites can be cut.
struct TrialMatrixNetwork: Sendable {
    private let names: Namespaces
    private let folder: String

    /// - Throws: `TrialMatrixSkip` where the tools are missing.
    init(_ folder: String) async throws {
        guard try await Namespaces.arePermitted() else { throw TrialMatrixSkip.namespaces }
        guard Platform.isExecutableFile(Self.nft) else { throw TrialMatrixSkip.nftables }
        (names, self.folder) = (try await Namespaces(), folder)
    }

    private static let nft = "/usr/sbin/nft"

    /// What a program is started with to run in it.
    var prefix: [String] { [Namespaces.program, "netns", "exec", names.site] }

    /// Drops every packet of the port, without a word to either side.
    func cut(_ port: Int) async throws {
        let rules = folder + "/cut.nft"
        try """
        table inet cut {
            chain in {
                type filter hook input priority 0;
                tcp dport \(port) counter drop
                tcp sport \(port) counter drop
            }
        }
        """.write(toFile: rules, atomically: false, encoding: .utf8)
        let cut = try await run([Self.nft, "-f", rules])
        try #require(cut.status == 0, "\(cut.error)")
    }

    func mend() async throws {
        let mended = try await run([Self.nft, "flush", "ruleset"])
        try #require(mended.status == 0, "\(mended.error)")
    }

    /// Packets that were dropped since the cut; 0 where nothing is cut.
    var dropped: Int {
        get async throws {
            let rules = try await run([Self.nft, "list", "ruleset"]).output
            return rules.matches(of: /packets (\d+)/).compactMap { Int($0.1) }.reduce(0, +)
        }
    }

    /// A file of the system as processes in it see it.
    func read(_ path: String) async throws -> String { try await run(["/usr/bin/cat", path]).output }

    /// Processes that are in it.
    var processes: [String] {
        get async throws {
            try await CommandOutcome.of(
                ["netns", "pids", names.site], data: "", program: Namespaces.program, patience: .seconds(30)
            ).output.split(separator: "\n").map(String.init)
        }
    }

    func remove() { names.remove() }

    private func run(_ words: [String]) async throws -> CommandOutcome {
        try await CommandOutcome.of(
            ["netns", "exec", names.site] + words, data: "", program: Namespaces.program, patience: .seconds(30))
    }
}

/// Why a cell cannot be met on this machine: a tool that is named is missing. Nothing else is a reason.
enum TrialMatrixSkip: String, Error {
    case faketime = "no libfaketime (Debian package faketime)"
    case namespaces = "no network namespaces (root, Debian packages iproute2 and curl)"
    case nftables = "no nft (Debian package nftables)"
    case mounts = "no mounts (root)"
    case taskset = "no taskset (Debian package util-linux)"
}
