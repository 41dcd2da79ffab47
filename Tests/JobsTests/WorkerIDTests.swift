import Jobs
import Testing

@Suite struct WorkerIDTests {
    @Test func aWorkerIsNamedByJobTaskAndEpoch() {
        #expect(WorkerID(job: "01J", task: "align", epoch: 2).description == "01J/align/2")
    }
}
