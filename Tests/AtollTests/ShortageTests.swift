import Faults
import Foundation
import Resources
import Testing
import Trials

@testable import atoll

/// A site that runs out of descriptors refuses some, and goes on.
@Suite struct ShortageTests {
    #if os(Linux)
        @Test func aSiteWithoutDescriptorsServesAgainWhenItHasSome() async throws {
            let port = try FreePort.find()
            let arguments = ["--federation-address", "127.0.0.1:\(port)"]
            try await RunningSite.with(arguments: arguments) { site in
                let doors: [(open: () throws -> Int32, told: String)] = [
                    ({ try Self.connect(port: port) }, "no peer can connect"),
                    ({ try Self.connect(path: site.folder + "/worker.sock") }, "no worker can connect"),
                ]
                try Self.limit(site, spare: 20)
                for door in doors {
                    var held: [Int32] = []
                    defer { for socket in held { close(socket) } }
                    try await Self.wait {
                        if held.count < 60, let next = try? door.open() { held.append(next) }
                        return try String(contentsOfFile: site.log, encoding: .utf8).contains(door.told)
                    }
                    for socket in held { close(socket) }
                    held = []
                    // Whoever says something that is no greeting is answered or hung up on, once there is somebody.
                    try await Self.wait {
                        guard let socket = try? door.open() else { return false }
                        defer { close(socket) }
                        return Self.isServed(socket)
                    }
                }
                #expect(try await site.run(["get", "tenants"]).status == 0)
                let log = try String(contentsOfFile: site.log, encoding: .utf8)
                for door in doors {
                    #expect(log.components(separatedBy: door.told).count < 10, "told once a minute, not at each try")
                }
            }
        }

        /// Lets the site open only a few more descriptors than it has.
        private static func limit(_ site: RunningSite, spare: Int) throws {
            let id = site.process.processIdentifier
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").compactMap { Int($0) }
            let most = try #require(open.max()) + spare
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/prlimit")
            process.arguments = ["--pid", "\(id)", "--nofile=\(most):\(most)"]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }

        private static func wait(_ isDone: () throws -> Bool) async throws {
            let deadline = ContinuousClock.now + .seconds(120)
            while try !isDone() {
                try #require(ContinuousClock.now < deadline)
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        /// Whether something comes back for bytes that mean nothing: an answer or the end.
        private static func isServed(_ socket: Int32) -> Bool {
            var patience = timeval(tv_sec: 5, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            var bytes = [UInt8](repeating: 0, count: 64)
            _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            let count = recv(socket, &bytes, bytes.count, 0)
            return count >= 0 || errno == ECONNRESET
        }

        private static func connect(port: Int) throws -> Int32 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            return try connect(AF_INET, &address)
        }

        private static func connect(path: String) throws -> Int32 {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            return try connect(AF_UNIX, &address)
        }

        private struct Refused: Error {}

        private static func connect<Address>(_ family: Int32, _ address: inout Address) throws -> Int32 {
            let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
            // A queue that is full answers at once instead of holding the test.
            var patience = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            let status = withUnsafeBytes(of: &address) {
                Glibc.connect(
                    socket, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
            guard status == 0 else {
                close(socket)
                throw Refused()
            }
            return socket
        }
    #endif
}
