import BenchKit
import Foundation

extension AtollProgram {
    /// Starts `atoll serve` on a data directory that it makes itself in the folder, runs the body once it is ready, and ends it.
    ///
    /// - Parameter body: gets the process id, and the milliseconds from the start of the process to the first answer 200
    ///   to `GET /readyz` over the local socket.
    func serving<Value>(_ folder: String, _ body: (pid_t, Double) async throws -> Value) async throws -> Value {
        let process = Process()
        process.executableURL = URL(filePath: path)
        let data = "\(folder)/site"
        process.arguments = ["serve", "--data", data]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        while !isReady("\(data)/atoll.sock") {
            guard process.isRunning, ContinuousClock.now - start < .seconds(20) else {
                throw BenchFailure("\(path) serve did not become ready")
            }
            usleep(500)
        }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        return try await body(process.processIdentifier, milliseconds)
    }

    private func isReady(_ socketPath: String) -> Bool {
        #if canImport(Glibc)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socketPath.utf8)) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { return false }
        let request = Array("GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &answer, answer.count)
        return count > 12 && String(decoding: answer[0..<12], as: UTF8.self) == "HTTP/1.1 200"
    }
}
