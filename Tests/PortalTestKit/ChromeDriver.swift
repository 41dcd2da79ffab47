import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Resources

/// A ChromeDriver process of this test, asked over the WebDriver protocol (W3C, WebDriver, section 6).
final class ChromeDriver {
    /// The browser that it starts: `ATOLL_CHROMIUM`, or the first by name in the path.
    static let browser =
        environment["ATOLL_CHROMIUM"].map { $0.isEmpty ? nil : $0 }
        ?? program(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"])
    static let program = environment["ATOLL_CHROMEDRIVER"] ?? program(["chromedriver"])

    let folder: URL
    private let process = Process()
    private let hold = Pipe()
    private var address = ""

    /// Starts it and waits until it listens.
    static func start() async throws -> ChromeDriver {
        let driver = ChromeDriver()
        do {
            try await driver.start()
        } catch {
            driver.end()
            throw error
        }
        return driver
    }

    private init() {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-browser-\(ULID.make())")
    }

    private func start() async throws {
        guard let program = Self.program, Self.browser != nil else {
            throw BrowserFailure("there is no Chromium or no ChromeDriver here; Scripts/setup.sh test brings both")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let output = folder.appending(path: "driver.log")
        try Data().write(to: output)
        process.executableURL = URL(filePath: "/bin/sh")
        // Whoever starts it may be killed: then the pipe ends, the driver with it, and the browser with the driver.
        process.arguments = [
            "-c", #""$@" & driver=$!; cat >/dev/null; kill -9 $driver; wait $driver"#, "sh", program, "--port=0",
        ]
        process.standardInput = hold
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        address = try await Self.address(in: output, of: process)
    }

    /// Ends it and its browsers, and removes what they wrote.
    func end() {
        try? hold.fileHandleForWriting.close()
        if process.processIdentifier != 0 { process.waitUntilExit() }
        try? FileManager.default.removeItem(at: folder)
    }

    /// - Throws: `BrowserFailure` with the protocol's own name of the error, such as `no such element`.
    @discardableResult
    func ask(_ method: Method, _ path: String, _ body: JSONValue = .object([:])) async throws -> JSONValue {
        var request = HTTPClientRequest(url: address + path)
        request.method = .init(rawValue: method.rawValue)
        if method == .post {
            request.headers.add(name: "content-type", value: "application/json; charset=utf-8")
            request.body = .bytes(JSONWriter.compact(body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 256 << 20)
        let value = try JSONParser.parse(Array(buffer: bytes))["value"] ?? .null
        guard response.status == .ok else {
            throw BrowserFailure(value["error"]?.string ?? "\(response.status)", value["message"]?.string ?? "")
        }
        return value
    }

    enum Method: String {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    private static func address(in output: URL, of process: Process) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, process.isRunning {
            let text = try String(contentsOf: output, encoding: .utf8)
            if let found = text.firstMatch(of: /started successfully on port (\d+)/) {
                return "http://127.0.0.1:\(found.1)"
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw BrowserFailure("ChromeDriver does not start")
    }

    private static let environment = ProcessInfo.processInfo.environment

    private static func program(_ names: [String]) -> String? {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let paths = names.flatMap { name in folders.map { "\($0)/\(name)" } }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// What the browser could not do.
public struct BrowserFailure: Error, CustomStringConvertible {
    /// The protocol's name of the error where it has one: `no such element`, `element click intercepted`.
    public let name: String
    public let text: String

    init(_ name: String, _ text: String = "") {
        self.name = name
        // The first line: what follows is the driver's stack.
        self.text = String(text.prefix { $0 != "\n" })
    }

    public var description: String { text.isEmpty ? name : "\(name): \(text)" }
}
