import Charts
import Resources

/// The line of one figure of a machine. Where a step has no sample, nothing was measured: the line has a gap there.
///
/// - Parameters:
///   - samples: as the API gives them, oldest first.
///   - step: seconds between two of them.
///   - path: of the figure in a sample: `cpu`, `used`.
func machineLine(_ samples: [JSONValue], step: Int64, _ path: [String]) -> [TimeChart.Point] {
    var points: [TimeChart.Point] = []
    for sample in samples {
        guard let moment = sample["time"]?.string.flatMap({ Timestamp($0) }) else { continue }
        let time = Double(moment.milliseconds) / 1000
        if let last = points.last, time - last.time > Double(step) * 1.5 {
            points.append(.init(time: last.time + Double(step), value: nil))
        }
        points.append(.init(time: time, value: path.reduce(sample as JSONValue?) { $0?[$1] }?.number))
    }
    return points
}
