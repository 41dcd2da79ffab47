import Charts
import Resources
import Testing

@testable import Portal

@Suite struct MachineLineTests {
    @Test func timesWithoutSamplesAreGaps() {
        func sample(_ time: String, _ used: Double?) -> JSONValue {
            var members: [String: JSONValue] = ["time": .string(time)]
            if let used { members["cpu"] = ["used": .number(used), "total": 4] }
            return .object(members)
        }
        let points = machineLine(
            [
                sample("2026-03-01T00:00:00Z", 1), sample("2026-03-01T00:05:00Z", 2), sample("2026-03-01T01:00:00Z", 3),
                sample("2026-03-01T01:05:00Z", nil), sample("never", 9),
            ], step: 300, ["cpu", "used"])
        #expect(points.map(\.value) == [1, 2, nil, 3, nil])
        let begin = points[0].time
        #expect(points.map { $0.time - begin } == [0, 300, 600, 3_600, 3_900])
        #expect(machineLine([], step: 300, ["cpu"]).isEmpty)
    }
}
