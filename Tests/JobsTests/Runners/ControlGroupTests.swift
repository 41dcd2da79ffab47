import Faults
import Foundation
import JobsTestKit
import Observability
import Testing

@testable import Jobs

/// Control groups: where they are, what is written into them, and on this machine for real where it lets the tests.
@Suite struct ControlGroupTests {
    @Test func theOwnGroupIsFoundInBothVersions() {
        let hybrid = ControlGroupPlaces(
            groups: "5:pids:/a\n4:memory:/site/x\n1:cpu,cpuacct:/\n0::/user/site\n",
            mounts: """
                31 23 0:27 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw,mode=755
                32 31 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct
                33 31 0:29 / /sys/fs/cgroup/memory rw shared:11 - cgroup cgroup rw,memory
                34 31 0:30 / /sys/fs/cgroup/unified rw shared:12 - cgroup2 cgroup2 rw
                """)
        #expect(
            hybrid
                == ControlGroupPlaces(
                    unified: "/sys/fs/cgroup/unified/user/site", memory: "/sys/fs/cgroup/memory/site/x",
                    cpu: "/sys/fs/cgroup/cpu,cpuacct", accounting: "/sys/fs/cgroup/cpu,cpuacct"))
        let container = ControlGroupPlaces(
            groups: "0::/\n", mounts: "40 31 0:30 /pods/1 /sys/fs/cgroup ro - cgroup2 cgroup rw\n")
        #expect(container == ControlGroupPlaces(), "its own group is outside what is mounted")
        let mounted = ControlGroupPlaces(
            groups: "0::/pods/1/site\n", mounts: "40 31 0:30 /pods/1 /sys/fs/cgroup rw - cgroup2 cgroup rw\n")
        #expect(mounted.unified == "/sys/fs/cgroup/site")
        #expect(ControlGroupPlaces(groups: "0::/../up\n", mounts: "").unified == nil)
        #expect(ControlGroupPlaces(groups: "nonsense", mounts: "nonsense") == ControlGroupPlaces())
    }

    /// A folder that looks like version 2; the files that the system would make are written by the group itself.
    @Test func versionTwoIsGivenItsLimits() throws {
        let folder = ProbeRunner.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        #expect(ControlGroupParent.automatic(ControlGroupPlaces(unified: folder)) == nil)
        try write("cgroup.controllers", "cpuset cpu io memory pids\n")
        try write("cgroup.procs", "\(getpid())\n12\n")
        #expect(ControlGroupParent.automatic(ControlGroupPlaces(unified: folder)) == nil, "it is not alone")
        #expect(throws: Fault(RunnerFaults.controlGroup)) { _ = try ControlGroupParent.under(folder) }
        try write("cgroup.procs", "\(getpid())\n")
        let parent = try #require(ControlGroupParent.automatic(ControlGroupPlaces(unified: folder)))
        #expect(parent == .second(folder))
        #expect(try text(folder + "/atoll-site/cgroup.procs") == "\(getpid())")
        #expect(try text(folder + "/cgroup.subtree_control") == "+cpu", "memory, pids and cpu, one after the other")
        try write("cgroup.subtree_control", "cpu memory pids\n")
        #expect(try ControlGroupParent.under(folder) == parent)

        let mark = ProcessMark.make("ATOLL_WORKER")
        let group = WorkerGroup(in: parent, mark: mark)
        #expect(group.folders == ["\(folder)/atoll-worker-\(mark.value)"])
        #expect(group.make(WorkerLimits(memory: 1 << 30, cores: 3), allowedCores: 8))
        let own = group.folders[0]
        #expect(try text(own + "/memory.max") == "\(1 << 30 + 1 << 27)")
        #expect(try text(own + "/memory.swap.max") == "0")
        #expect(try text(own + "/memory.oom.group") == "1")
        #expect(try text(own + "/pids.max") == "4096")
        #expect(try text(own + "/cpu.max") == "300000 100000")
        #expect(group.add(77))
        #expect(try text(own + "/cgroup.procs") == "77")
        #expect(!group.ranOutOfMemory)
        try Data("low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\n".utf8).write(to: URL(filePath: own + "/memory.events"))
        try Data("123456\n".utf8).write(to: URL(filePath: own + "/memory.peak"))
        #expect(group.ranOutOfMemory && group.peak == 123_456)
        try Data().write(to: URL(filePath: own + "/cgroup.kill"))
        group.end()
        #expect(try text(own + "/cgroup.kill") == "1")
        #expect(WorkerGroup(folders: [own, "/etc", "/"], mark: mark).folders == [own], "only folders of the mark")
        #expect(WorkerGroup(folders: [own], mark: mark).isSecond)
    }

    @Test func aFolderThatIsNoGroupIsRefused() {
        let folder = ProbeRunner.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for place in [folder, "/nowhere", "/proc"] {
            var options = ProbeRunner.options(folder)
            options.controlGroups = .under(place)
            #expect(throws: Fault(RunnerFaults.controlGroup)) {
                _ = try ChildProcessRunner(options, logger: ProbeRunner.logger)
            }
        }
    }

    /// Without watching: the group alone ends the worker, and the runner can tell.
    @Test(.timeLimit(.minutes(5)))
    func theGroupAloneEndsAWorkerAboveItsMemory() async throws {
        guard ControlGroupParent.automatic() != nil else {
            return print("skipped: no control group can be made here")
        }
        try await ProbeRunner.with(ProbeSettings(controlGroups: .automatic, interval: .seconds(3600))) { runner, _ in
            _ = try await runner.start(.eat(bytes: 1 << 30), memory: 64 << 20)
            let exit = try await runner.nextExit()
            guard case .outOfMemory(let limit, let peak) = exit.cause else {
                Issue.record("\(exit.cause)")
                return
            }
            #expect(limit == 64 << 20 && peak >= limit)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func aGroupIsThereWhileItsWorkerRunsAndGoneAfterwards() async throws {
        guard ControlGroupParent.automatic() != nil else {
            return print("skipped: no control group can be made here")
        }
        try await ProbeRunner.with(ProbeSettings(controlGroups: .automatic)) { runner, folder in
            let id = try await runner.start(.sleep)
            let records = try WorkerRecords(folder: folder).all().records
            let record = try #require(records.first)
            let process = try #require(record.process)
            #expect(!record.groups.isEmpty)
            for group in record.groups {
                let inside = try String(contentsOfFile: group + "/cgroup.procs", encoding: .utf8)
                #expect(inside == "\(process)\n")
            }
            await runner.stop(id, grace: .seconds(60))
            await runner.shutDown(grace: .zero)
            for group in record.groups { #expect(!FileManager.default.fileExists(atPath: group)) }
        }
    }
}
