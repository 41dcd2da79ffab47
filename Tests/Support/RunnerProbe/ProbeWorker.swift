#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads its order, whose first line says what to do, and does it.
enum ProbeWorker {
    static func run() -> Never {
        let words = firstLine().split(separator: " ").map(String.init)
        switch words.first {
        case "finish":
            readAll()
            exit(Int32(words[1])!)
        case "crash":
            signal(Int32(words[1])!, SIG_DFL)
            kill(getpid(), Int32(words[1])!)
            while true { pause() }
        case "sleep": while true { pause() }
        case "ignore":
            signal(SIGTERM, SIG_IGN)
            say("ignoring")
            while true { pause() }
        case "eat": eat(Int(words[1])!)
        case "spin": spin(seconds: Int(words[1])!)
        case "lines":
            for number in 1...Int(words[1])! {
                say("line \(number) " + String(repeating: "x", count: Int(words[2])!))
            }
            exit(3)
        case "digest":
            var digest: UInt64 = 14_695_981_039_346_656_037
            for byte in readAll() { digest = (digest ^ UInt64(byte)) &* 1_099_511_628_211 }
            say("digest \(digest)")
            exit(0)
        case "facts":
            tellFacts()
            exit(0)
        case "family": startFamily()
        default: exit(64)
        }
    }

    /// Up to the first line's end, and no byte further: a worker that does not read the rest must hurt nobody.
    private static func firstLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(0, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @discardableResult
    private static func readAll() -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &buffer, buffer.count)
            if count <= 0 { return all }
            all += buffer[..<count]
        }
    }

    private static func say(_ text: String) {
        let line = text + "\n"
        _ = write(2, line, line.utf8.count)
    }

    /// Megabyte by megabyte, each page written, and then holds it for a second.
    private static func eat(_ bytes: Int) -> Never {
        for _ in 0..<bytes >> 20 {
            let block = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 4096)
            memset(block, 1, 1 << 20)
            usleep(500)
        }
        sleep(1)
        exit(0)
    }

    private static func spin(seconds: Int) -> Never {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {}
        exit(0)
    }

    /// What it has inherited.
    private static func tellFacts() {
        var open: [String] = []
        for number in 0..<4096 as Range<Int32> where fcntl(number, F_GETFD) >= 0 { open.append("\(number)") }
        say("descriptors " + open.joined(separator: ","))
        let status = (try? text("/proc/self/status")) ?? ""
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2, ["SigBlk:", "SigIgn:", "Cpus_allowed_list:"].contains(parts[0]) else { continue }
            say("\(parts[0]) \(parts[1])")
        }
        var names: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            names.append(String(String(cString: variable).prefix { $0 != "=" }))
            entry += 1
        }
        say("environment " + names.sorted().joined(separator: ","))
        var core = rlimit()
        getrlimit(__rlimit_resource_t(4), &core)
        say("core \(core.rlim_cur)")
        say("group \(getpgrp() == getpid())")
    }

    private static func text(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        return String(decoding: buffer[..<max(0, read(descriptor, &buffer, buffer.count))], as: UTF8.self)
    }

    /// A child in the same process group and one in a session of its own; their numbers are told.
    private static func startFamily() -> Never {
        for flags in [Int16(0), 0x80] {
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            posix_spawnattr_setflags(&attributes, flags)
            var child: pid_t = 0
            var arguments = [strdup("sleep"), strdup("3600"), nil]
            let failure = posix_spawn(&child, "/bin/sleep", nil, &attributes, &arguments, environ)
            say("child \(failure == 0 ? child : -1)")
        }
        while true { pause() }
    }
}
