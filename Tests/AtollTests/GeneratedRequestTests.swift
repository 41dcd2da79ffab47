import Foundation
import NIOHTTP1
import Resources
import Testing
import Trials

@testable import atoll

/// Requests that schemathesis makes out of the API's own description, right and wrong ones, sent by roles to the
/// running program: no failure of the server, and only what the description says of statuses, types and bodies.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct GeneratedRequestTests {
    private static let program: String? = {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../.build-tools/schemathesis/bin/schemathesis").standardizedFileURL.path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()
    /// Those who may most, much and least; every one in long runs.
    private static let roles =
        isLong
        ? ["platform-admin", "tenant-admin", "modeller", "data-steward", "approver", "auditor", "viewer"]
        : ["platform-admin", "modeller", "viewer"]
    private static let isLong = ProcessInfo.processInfo.environment["ATOLL_TEST_LONG"] != nil

    @Test(.enabled(if: program != nil, "schemathesis is not here: Scripts/setup.sh test fetches it"))
    func theDescriptionIsTrue() async throws {
        let port = try FreePort.find()
        // The ordinary run is the same each time, so that what it finds was not there before; long ones look further.
        let wanted = ProcessInfo.processInfo.environment["ATOLL_TEST_SEED"].flatMap(UInt32.init)
        let seed = wanted ?? (Self.isLong ? .random(in: 1...1 << 30) : 1)
        let folder = ClientFolder()
        let config = folder.write("atoll.yaml", "management: {address: '127.0.0.1:\(port)', rate: 1000000}\n")
        try await RunningSite.with(arguments: ["--config", config]) { site in
            let door = RemoteDoor(address: "http://127.0.0.1:\(port)")
            let places = try await site.run(["apply", "-f", folder.write("places.yaml", FileUploadTests.places)])
            try #require(places.status == 0, "\(places.errors)")
            for role in Self.roles {
                let token = try await Self.token(of: role, site, door)
                let description = try await Self.description(door, token, in: folder)
                let isWhole = role == "platform-admin"
                let result = try await Self.run(
                    [
                        "run", description, "--url", door.address, "--header", "Authorization: Bearer \(token)",
                        "--checks",
                        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                        "--phases", Self.isLong ? "examples,coverage,fuzzing" : "fuzzing", "--max-examples",
                        Self.isLong ? "20" : isWhole ? "4" : "1", "--seed",
                        "\(seed)", "--continue-on-failure", "--request-timeout", "20", "--suppress-health-check",
                        "all", "--no-color", "--warnings", "off",
                    ], in: folder)
                #expect(result.status == 0, "\(role), seed \(seed):\n\(result.output.suffix(4_000))")
                #expect(result.output.contains(/Test cases:\s+[1-9]/), "\(role): \(result.output.suffix(500))")
            }
            let log = try String(contentsOfFile: site.log, encoding: .utf8)
            #expect(!log.contains("request failed"), "seed \(seed)")
        }
    }

    private static func token(of role: String, _ site: RunningSite, _ door: RemoteDoor) async throws -> String {
        let place = role == "platform-admin" ? "" : ", tenant: risk"
        let user = """
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(role)},
             spec: {displayName: U, roles: [{role: \(role)\(place)}]}}
            """
        let applied = try await site.run(["apply", "-f", "-"], input: user)
        try #require(applied.status == 0, "\(applied.errors)")
        let set = try await site.run(["user", "password", role], input: GuardedSite.password + "\n")
        try #require(set.status == 0, "\(set.errors)")
        let login = try await door.call(
            "post", "/api/v1/login", GuardedSite.body(role, GuardedSite.password), proof: nil)
        let session = try #require(login.body["secret"]?.string)
        let made = try await door.call("post", "/api/v1/tokens", #"{"name": "t"}"#, proof: session)
        return try #require(made.body["secret"]?.string)
    }

    /// The description as the role sees it, without what makes an answer that has no end.
    private static func description(
        _ door: RemoteDoor, _ token: String, in folder: borrowing ClientFolder
    ) async throws -> String {
        let document = try await door.call("get", "/api/v1/openapi.json", proof: token).body
        var members = try #require(document.object)
        let paths = try #require(members["paths"]?.object)
        members["paths"] = .object(
            paths.mapValues { item in
                .object(
                    (item.object ?? [:]).mapValues { operation in
                        var operation = operation.object ?? [:]
                        let parameters = operation["parameters"]?.array ?? []
                        operation["parameters"] = .array(
                            parameters.filter { !["watch", "follow"].contains($0["name"]?.string) })
                        return .object(operation)
                    })
            })
        return folder.write("openapi.json", String(decoding: JSONWriter.compact(.object(members)), as: UTF8.self))
    }

    private static func run(
        _ arguments: [String], in folder: borrowing ClientFolder
    ) async throws -> (status: Int32, output: String) {
        let output = folder.write("schemathesis.txt", "")
        let process = Process()
        process.executableURL = URL(filePath: try #require(program))
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        return (process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8))
    }
}
