import Foundation
import Resources
import Testing

@testable import Observability

/// The figures of a machine, out of files as systems really have them.
@Suite struct MachineReaderTests {
    /// A folder that stands for the root of a system.
    private struct FakeSystem {
        let root = FileManager.default.temporaryDirectory.appending(path: "machine-\(ULID.make())").path

        init(_ files: [String: String]) throws {
            for (path, text) in Self.plain.merging(files, uniquingKeysWith: { $1 }) { try write(path, text) }
        }

        func write(_ path: String, _ text: String) throws {
            let file = URL(filePath: root + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }

        func remove() { try? FileManager.default.removeItem(atPath: root) }

        func reader(cores: Set<Int>? = nil) -> MachineReader {
            MachineReader(data: root, root: root, cores: cores, ticks: 100)
        }

        /// A machine of four cores without control groups.
        static let plain = [
            "/proc/stat": stat([100, 200, 300, 400]),
            "/proc/meminfo": "MemTotal:       16384 kB\nMemFree:         1024 kB\nMemAvailable:   12288 kB\n",
            "/proc/loadavg": "1.25 0.80 0.55 2/345 6789\n",
            "/proc/net/dev": net(received: 1_000, sent: 2_000),
        ]

        /// Each core was busy for so many ticks in user mode, and as many in each other way that counts.
        static func stat(_ ticks: [Int]) -> String {
            let cores = ticks.enumerated().map { "cpu\($0) \($1) \($1) \($1) 7000 900 \($1) \($1) 55 10 0" }
            return (["cpu  1 2 3 4 5 6 7 8 9 0"] + cores + ["intr 5 0 1", "btime 1700000000"]).joined(separator: "\n")
        }

        static func net(received: Int, sent: Int) -> String {
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 99999999 1 0 0 0 0 0 0 99999999 1 0 0 0 0 0 0
              eth0:\(received) 12 0 0 0 0 0 0 \(sent) 12 0 0 0 0 0 0
            veth1a: 77777777 1 0 0 0 0 0 0 77777777 1 0 0 0 0 0 0

            """
        }
    }

    private let start = ContinuousClock.now

    /// Two readings, two seconds apart.
    private func sample(
        _ system: FakeSystem, cores: Set<Int>? = nil, then change: () throws -> Void
    ) throws -> MachineSample {
        let reader = system.reader(cores: cores)
        let first = reader.read(at: start)
        try change()
        return MachineSample(reader.read(at: start + .seconds(2)), after: first, time: Timestamp(milliseconds: 5))
    }

    @Test func aMachineWithoutGroupsIsReadWhole() throws {
        let system = try FakeSystem([:])
        defer { system.remove() }
        let sample = try sample(system) {
            try system.write("/proc/stat", FakeSystem.stat([120, 200, 300, 410]))
            try system.write("/proc/net/dev", FakeSystem.net(received: 5_000, sent: 2_600))
        }
        // 20 and 10 ticks more, each in five ways, of 100 a second, in two seconds.
        #expect(sample.cpu == Share(used: 0.75, total: 4))
        #expect(sample.memory == Share(used: 4096 * 1024, total: 16384 * 1024))
        #expect(sample.load == 1.25)
        #expect(sample.received == 2_000 && sample.sent == 300, "the way from the machine to itself does not count")
        let storage = try #require(sample.storage)
        #expect(storage.used > 0 && storage.used < storage.total)
        #expect(sample.gpu == nil && sample.gpuMemory == nil)
    }

    @Test func coresThatTheSiteMayNotUseDoNotCount() throws {
        let system = try FakeSystem([:])
        defer { system.remove() }
        let sample = try sample(system, cores: [1, 3]) {
            try system.write("/proc/stat", FakeSystem.stat([900, 220, 900, 400]))
        }
        #expect(sample.cpu == Share(used: 0.5, total: 2))
    }

    /// The limit is of the group above the site's own, as of a service with groups below it.
    @Test func versionTwoLimitsWhatThereIs() throws {
        let group = "/sys/fs/cgroup/system/atoll"
        let system = try FakeSystem([
            "/proc/self/cgroup": "0::/system/atoll/site\n",
            "/proc/self/mountinfo": "31 23 0:27 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n",
            "\(group)/site/cgroup.procs": "1\n", "\(group)/site/cpu.max": "max 100000\n",
            "\(group)/site/memory.max": "max\n", "\(group)/site/memory.current": "1\n",
            "\(group)/cgroup.procs": "", "\(group)/cpu.max": "150000 100000\n",
            "\(group)/cpu.stat": "usage_usec 1000000\nuser_usec 1\n", "\(group)/memory.max": "8388608\n",
            "\(group)/memory.current": "4194304\n",
            "\(group)/memory.stat": "anon 5\ninactive_file 1048576\nactive_file 3\n",
            "/sys/fs/cgroup/system/cgroup.procs": "", "/sys/fs/cgroup/system/cpu.max": "300000 100000\n",
        ])
        defer { system.remove() }
        let sample = try sample(system) {
            try system.write("\(group)/cpu.stat", "usage_usec 3000000\n")
            try system.write("/proc/stat", FakeSystem.stat([900, 900, 900, 900]))
        }
        #expect(sample.cpu == Share(used: 1, total: 1.5))
        #expect(sample.memory == Share(used: 3_145_728, total: 8_388_608), "files that can be given back are not used")
    }

    @Test func versionOneLimitsWhatThereIs() throws {
        let system = try FakeSystem([
            "/proc/self/cgroup": "4:memory:/docker/a1\n3:cpuacct:/docker/a1\n2:cpu:/docker/a1\n",
            "/proc/self/mountinfo": """
            32 31 0:28 /docker/a1 /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
            33 31 0:29 /docker/a1 /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct
            34 31 0:30 /docker/a1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory

            """,
            "/sys/fs/cgroup/cpu/cgroup.procs": "1\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpuacct/cgroup.procs": "1\n",
            "/sys/fs/cgroup/cpuacct/cpuacct.usage": "5000000000\n",
            "/sys/fs/cgroup/memory/cgroup.procs": "1\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "4194304\n",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes": "2097152\n",
            "/sys/fs/cgroup/memory/memory.stat": "cache 9\ninactive_file 1\ntotal_inactive_file 1048576\n",
        ])
        defer { system.remove() }
        let sample = try sample(system) {
            try system.write("/sys/fs/cgroup/cpuacct/cpuacct.usage", "5500000000\n")
        }
        #expect(sample.cpu == Share(used: 0.25, total: 0.5))
        #expect(sample.memory == Share(used: 1_048_576, total: 4_194_304))
    }

    /// The limit is of the group above, in a tree of its own: what counts is what that group uses, not this process's.
    @Test func versionOneCountsInTheGroupThatHasTheLimit() throws {
        let (cpu, counting) = ("/sys/fs/cgroup/cpu/docker/a1", "/sys/fs/cgroup/cpuacct/docker/a1")
        let system = try FakeSystem([
            "/proc/self/cgroup": "3:cpuacct:/docker/a1/site\n2:cpu:/docker/a1/site\n",
            "/proc/self/mountinfo": """
            32 31 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
            33 31 0:29 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct

            """,
            "\(cpu)/site/cgroup.procs": "1\n", "\(cpu)/site/cpu.cfs_quota_us": "-1\n",
            "\(cpu)/site/cpu.cfs_period_us": "100000\n",
            "\(cpu)/cgroup.procs": "", "\(cpu)/cpu.cfs_quota_us": "50000\n", "\(cpu)/cpu.cfs_period_us": "100000\n",
            "\(counting)/site/cgroup.procs": "1\n", "\(counting)/site/cpuacct.usage": "1000000000\n",
            "\(counting)/cgroup.procs": "", "\(counting)/cpuacct.usage": "5000000000\n",
        ])
        defer { system.remove() }
        let sample = try sample(system) {
            try system.write("\(counting)/site/cpuacct.usage", "1100000000\n")
            try system.write("\(counting)/cpuacct.usage", "5500000000\n")
        }
        #expect(sample.cpu == Share(used: 0.25, total: 0.5))
    }

    /// Limits that are larger than the machine, or none: what counts is the machine.
    @Test func aLimitBeyondTheMachineIsNone() throws {
        let system = try FakeSystem([
            "/proc/self/cgroup": "4:memory:/\n2:cpu,cpuacct:/\n",
            "/proc/self/mountinfo": """
            32 31 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
            34 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory

            """,
            "/sys/fs/cgroup/cpu/cgroup.procs": "1\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n", "/sys/fs/cgroup/memory/cgroup.procs": "1\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes": "2097152\n",
        ])
        defer { system.remove() }
        let sample = try sample(system) { try system.write("/proc/stat", FakeSystem.stat([140, 200, 300, 400])) }
        #expect(sample.cpu == Share(used: 1, total: 4))
        #expect(sample.memory == Share(used: 4096 * 1024, total: 16384 * 1024))
    }

    @Test func whatCannotBeReadIsNotKnown() throws {
        let system = try FakeSystem([
            "/proc/stat": "nonsense\ncpu0 x y\n", "/proc/meminfo": "MemTotal: many kB\n", "/proc/loadavg": "",
            "/proc/net/dev": "one\ntwo\nlo: 1 2 3 4 5 6 7 8 9 10\n",
        ])
        defer { system.remove() }
        let sample = try sample(system) {}
        #expect(sample.cpu == nil && sample.memory == nil && sample.load == nil && sample.received == nil)
    }

    /// After a start of the system, or where a device has gone: no rate is made of it.
    @Test func countersThatFallGiveNoRate() throws {
        let system = try FakeSystem([:])
        defer { system.remove() }
        let sample = try sample(system) {
            try system.write("/proc/stat", FakeSystem.stat([1, 1, 1, 1]))
            try system.write("/proc/net/dev", FakeSystem.net(received: 10, sent: 2_000))
        }
        #expect(sample.cpu == nil && sample.received == nil && sample.sent == 0)
        #expect(sample.memory != nil)
    }

    @Test func thisMachineIsRead() async throws {
        let reader = MachineReader(data: FileManager.default.temporaryDirectory.path)
        let first = reader.read()
        var sum = 0.0
        while ContinuousClock.now - first.instant < .milliseconds(60) { sum += 1 }
        let sample = MachineSample(reader.read(), after: first, time: .now)
        let (cpu, memory) = (try #require(sample.cpu), try #require(sample.memory))
        #expect(sum > 0 && cpu.used > 0 && cpu.used <= cpu.total)
        #expect(cpu.total <= Double(ProcessInfo.processInfo.processorCount))
        #expect(memory.used > 0 && memory.used < memory.total)
        #expect(memory.total <= Double(ProcessInfo.processInfo.physicalMemory))
    }
}
