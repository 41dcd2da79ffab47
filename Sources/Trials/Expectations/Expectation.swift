public import Faults
import Resources

/// A bound on one figure of a trial: `NAME <= NUMBER`, `NAME >= NUMBER`, `NAME in NUMBER..NUMBER`; or `digest equals centralised`,
/// that the model between the sites is the one of one place (figure `digest.equal`).
public struct Expectation: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    let bounds: ClosedRange<Double>
    public let description: String

    /// - Throws: `TrialFaults.expectation`.
    public init(_ text: String, at place: String) throws(Fault) {
        let fault = Fault(
            TrialFaults.expectation, "'\(text.prefix(80))' is no expectation.", at: place,
            wanted: "such as `seconds <= 120` or `predicted_over_actual in 0.7..1.4`")
        let words = text.split(separator: " ").map(String.init)
        if words == ["digest", "equals", "centralised"] {
            name = "digest.equal"
            bounds = 1...1
            description = words.joined(separator: " ")
            return
        }
        guard words.count == 3, Self.isName(words[0]) else { throw fault }
        switch words[1] {
        case "<=":
            guard let most = Self.number(words[2]) else { throw fault }
            bounds = -Double.infinity...most
        case ">=":
            guard let least = Self.number(words[2]) else { throw fault }
            bounds = least...Double.infinity
        case "in":
            guard let dots = words[2].firstRange(of: ".."), let least = Self.number(words[2][..<dots.lowerBound]),
                let most = Self.number(words[2][dots.upperBound...]), least <= most
            else { throw fault }
            bounds = least...most
        default: throw fault
        }
        name = words[0]
        description = words.joined(separator: " ")
    }

    /// - Returns: nil when it holds.
    func check(_ figures: [String: Double]) -> Fault? {
        guard let value = figures[name] else {
            let near = Nearest.name(to: name, among: figures.keys.sorted())
            return Fault(
                TrialFaults.notHeld, "`\(description)` does not hold: there is no such figure.", at: name,
                wanted: near.map { "did you mean '\($0)'?" } ?? "one of "
                    + figures.keys.sorted().joined(separator: ", "))
        }
        guard !bounds.contains(value) else { return nil }
        return Fault(
            TrialFaults.notHeld, "`\(description)` does not hold: it is \(Self.text(value)).", at: name,
            wanted: description)
    }

    /// At most six digits.
    static func text(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        if value == value.rounded() { return "\(Int64(value))" }
        let scale = abs(value) >= 100 ? 10.0 : abs(value) >= 1 ? 1_000.0 : 1_000_000.0
        return "\((value * scale).rounded() / scale)"
    }

    private static func number(_ text: some StringProtocol) -> Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "._-".utf8.contains(byte)
                }
            }
    }
}
