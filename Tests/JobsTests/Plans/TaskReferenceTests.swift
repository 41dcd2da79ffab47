import TaskRuntime
import Testing

@testable import Jobs

/// What an earlier task left, as documents and plans name it.
@Suite struct TaskReferenceTests {
    private static let ulid = "01M8KQXWPE1WSZKW50AP17V24Y"

    @Test func aJobsNameBecomesItsULIDAlsoInAList() throws {
        let dataset = try #require(TaskReference(dataset: "takings@match/align"))
        #expect(dataset.jobName == "match")
        let named = "takings@\(Self.ulid)/align"
        #expect(dataset.renamed(in: "takings@match/align", to: Self.ulid) == named)
        #expect(dataset.renamed(in: "other; takings@match/align ;x", to: Self.ulid) == "other;\(named);x")
        let parameters: [String: ParameterValue] = ["label": .text("y"), "hosts": .text("a; takings@match/align")]
        let setting = TaskSetting(parameters: parameters, parties: [], seed: [])
        #expect(ReferenceChecks.place(of: dataset.text, setting, at: "tasks[1]") == "tasks[1].parameters.hosts")
        #expect(ReferenceChecks.place(of: "other@match/x", setting, at: "tasks[1]") == "tasks[1].parameters")
        #expect(dataset.renamed(in: "takings@match/other", to: Self.ulid) == nil)
        let result = try #require(TaskReference(result: "learn/train"))
        #expect(result.renamed(in: "learn/train", to: Self.ulid) == "\(Self.ulid)/train")
    }
}
