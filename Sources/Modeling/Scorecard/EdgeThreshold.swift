/// An edge of bins as a comparison of doubles, for programs that do not round to `Float` first.
///
/// "Float(x) < edge" is the same as "x below the middle of the edge and the `Float` before it"; the middle itself is below
/// when it rounds (half to even) to the lower one.
struct EdgeThreshold: Hashable {
    let value: Double
    /// Whether the value itself is below the edge.
    let isInclusive: Bool

    init(_ edge: Float) {
        guard edge.nextDown.isFinite else {
            value = Double(edge)
            isInclusive = false
            return
        }
        value = (Double(edge.nextDown) + Double(edge)) / 2
        isInclusive = Float(value) < edge
    }
}
