import CProcesses
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks the driver of NVIDIA's graphics processors, where its program is there.
final class GraphicsReader: Sendable {
    /// The absolute path of `nvidia-smi`.
    let program: String
    /// A process that was killed and has not ended.
    private let stuck = Mutex<Int32?>(nil)

    static let arguments = [
        "--query-gpu=index,name,utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits",
    ]

    /// Nil where the program is nowhere on the path.
    init?(path: String = getenv("PATH").map { String(cString: $0) } ?? "") {
        let places: [String] = path.split(separator: ":").map { "\($0)/nvidia-smi" }
        let found = places.first { access($0, X_OK) == 0 }
        guard let found, found.hasPrefix("/") else { return nil }
        program = found
    }

    /// What the program says; empty when it fails, or takes longer than `patience`: it is ended then. One that hangs in
    /// the driver does not end; then no other is started before it has.
    func read(patience: Duration = .seconds(5)) async -> [GraphicsCard] {
        if let process = stuck.withLock({ $0 }) {
            guard waitpid(process, nil, WNOHANG) != 0 else { return [] }
            stuck.withLock { $0 = nil }
        }
        var ends: [Int32] = [-1, -1]
        guard atoll_pipe(&ends) == 0 else { return [] }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK)
        let process = start(output: ends[1])
        close(ends[1])
        guard let process else { return [] }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + patience
        var isWhole = false
        while !isWhole, bytes.count < 1 << 16, ContinuousClock.now < deadline {
            let count = Self.read(ends[0], &buffer)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                isWhole = true
            } else if errno != EINTR {
                guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { break }
            }
        }
        kill(-process, SIGKILL)
        await collect(process)
        return isWhole ? Self.cards(String(decoding: bytes, as: UTF8.self)) : []
    }

    /// Waits a moment for the end of a process that was killed, and remembers one that does not end.
    private func collect(_ process: Int32) async {
        let last = ContinuousClock.now + .seconds(1)
        while waitpid(process, nil, WNOHANG) == 0 {
            guard ContinuousClock.now < last else {
                stuck.withLock { $0 = process }
                return
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, &buffer, buffer.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, &buffer, buffer.count)
        #else
            Darwin.read(descriptor, &buffer, buffer.count)
        #endif
    }

    /// Lines such as `0, NVIDIA H200, 37, 1024, 143771`: percent and MiB. `[N/A]` stands for what the driver does not
    /// know, `[Not Supported]` for what the card does not tell.
    static func cards(_ text: String) -> [GraphicsCard] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0.drop { $0 == " " })
            }
            guard fields.count == 5, let index = Int(fields[0]) else { return nil }
            let memory = zip(Double(fields[3]), Double(fields[4])).map {
                Share(used: $0 * 1_048_576, total: $1 * 1_048_576)
            }
            return GraphicsCard(
                index: index, name: fields[1], busy: Double(fields[2]).map { min(max($0 / 100, 0), 1) }, memory: memory)
        }
    }

    private static func zip(_ left: Double?, _ right: Double?) -> (Double, Double)? {
        guard let left, let right else { return nil }
        return (left, right)
    }

    private func start(output: Int32) -> Int32? {
        let arguments = Self.copies([program] + Self.arguments)
        let environment = Self.copies(["PATH=/usr/bin:/bin", "LANG=C"])
        defer { for copy in arguments + environment { free(copy) } }
        var process: Int32 = 0
        let failure = program.withCString { program in
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    var child = atoll_child(
                        program: program, arguments: arguments.baseAddress, environment: environment.baseAddress,
                        folder: nil, input: -1, output: output, errors: -1, cores: nil, cores_bytes: 0, files: nil,
                        files_count: 0)
                    return atoll_child_start(&child, &process)
                }
            }
        }
        return failure == 0 ? process : nil
    }

    /// Copies for C, with the null pointer that ends a list.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}

extension MachineSample {
    /// The cards of the machine together; cards that do not say how busy they are count as none.
    mutating func add(_ cards: [GraphicsCard]) {
        let known = cards.compactMap(\.busy)
        if !known.isEmpty { gpu = Share(used: known.reduce(0, +), total: Double(known.count)) }
        let memories = cards.compactMap(\.memory)
        if !memories.isEmpty {
            gpuMemory = Share(
                used: memories.reduce(0) { $0 + $1.used }, total: memories.reduce(0) { $0 + $1.total })
        }
    }
}
