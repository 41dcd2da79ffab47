import Faults
import Foundation
import Jobs
import Synchronization
import Testing

/// What earlier tasks left at a site is given to the tasks that read it.
@Suite(.timeLimit(.minutes(4)))
struct ResultTests {
    @Test("every party's worker gets what earlier tasks left at its own site, of this job and of another")
    func given() async throws {
        try await JobSites.with { sites in
            let first = try await sites.submit(sites.plan("first", tasks: 1))
            #expect(try await sites.end(first).state == .succeeded)
            sites.policy.withLock { $0.results = ["task1": ["task0", "\(first)/task0"]] }
            let second = try await sites.submit(sites.plan("second", tasks: 2))
            let ended = try await sites.end(second)
            #expect(ended.state == .succeeded, "\(ended.message())")
            for id in sites.ids {
                let expected = FakeWorld.output(of: "task0", at: id)
                let given = sites.world.state.withLock { $0[id]!.results.filter { $0.key.job == second } }
                #expect(given.count == 2)
                for (worker, results) in given {
                    #expect(
                        results == (worker.task == "task1" ? ["task0": expected, "\(first)/task0": expected] : [:]))
                }
            }
        }
    }

    @Test("a result that was deleted meanwhile ends the job with its number, and its site goes on")
    func gone() async throws {
        try await JobSites.with { sites in
            let first = try await sites.submit(sites.plan("first", tasks: 1))
            #expect(try await sites.end(first).state == .succeeded)
            for index in sites.ids.indices { try await sites.forget(first, at: index) }
            sites.policy.withLock { $0.results = ["task0": ["\(first)/task0"]] }
            let second = try await sites.submit(sites.plan("second", tasks: 1))
            let ended = try await sites.end(second)
            #expect(ended.state == .failed)
            #expect(ended.reason?.fault == Fault(JobFaults.earlierJobUnknown), "\(ended.message())")
            sites.policy.withLock { $0.results = [:] }
            let third = try await sites.submit(sites.plan("third", tasks: 1))
            #expect(try await sites.end(third).state == .succeeded)
        }
    }

    @Test func aFileForAResultHasNoNameAndOnlyItsBytes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-results-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = try WorkerFile(holding: bytes, folder: folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        var read = [UInt8](repeating: 0, count: bytes.count + 1)
        #expect(pread(file.descriptor, &read, read.count, 0) == bytes.count)
        #expect(Array(read.dropLast()) == bytes)
        #expect(pwrite(file.descriptor, bytes, 1, 0) == -1, "it is open for reading alone")
        #expect(throws: Fault(RunnerFaults.notStarted)) { _ = try WorkerFile(holding: bytes, folder: folder + "/no") }
    }
}
