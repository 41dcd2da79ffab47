import Faults
import Jobs
import Synchronization
import Testing

/// What tasks read of a site's datasets and leave beside them, with everything but the jobs made for the test.
@Suite(.timeLimit(.minutes(4)))
struct TableTests {
    @Test("a worker gets what its task reads, and a result counts once the table beside it is kept")
    func tables() async throws {
        try await JobSites.with { sites in
            var needs = TaskNeeds()
            needs.datasets = ["loans", "rates"]
            needs.table = "loans"
            sites.policy.withLock { [needs] in $0.needs[sites.ids[1]] = needs }
            sites.tables.refuse(Fault(DataFaults.otherDataset))
            let refused = try await sites.submit(sites.plan("refused", tasks: 1))
            let failed = try await sites.end(refused)
            #expect(failed.reason?.fault == Fault(DataFaults.otherDataset), "\(failed.message())")
            #expect(try await sites.service(1).outputs(refused).isEmpty, "a result without its table is none")
            sites.tables.refuse(nil)
            let job = try await sites.submit(sites.plan("kept", tasks: 1))
            let ended = try await sites.end(job)
            #expect(ended.state == .succeeded, "\(ended.message())")
            #expect(sites.tables.kept == ["\(job)/task0/1 of loans"])
            #expect(sites.tables.opened.suffix(2) == ["loans", "rates"])
            let lines = try await sites.service(1).lines(job)
            #expect(lines.contains { $0.text == "its rows are dataset made-of-loans here" })
        }
    }
}
