import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct SeparationTests {
    private func columns(_ values: [[Double]]) -> [LogisticRegression.Column] {
        values.enumerated().map { LogisticRegression.Column(name: "x\($0.offset)", values: $0.element) }
    }

    private func separating(_ values: [[Double]], _ labels: [Double]) -> [String]? {
        Separation(RegressionDesign(columns(values), labels: labels, weights: nil)).columns
    }

    /// One row far out, on the side of its class, has log-odds of hundreds of thousands; the others overlap.
    @Test func aRowFarOutIsNoSeparation() throws {
        var random = SeededGenerator.printed(for: "far out")
        for _ in 0..<Effort.runs(5) {
            var x = (0..<200).map { _ in Double.random(in: -1...1, using: &random) }
            var labels = x.map { Double.random(in: 0...1, using: &random) < Elementary.logistic(3 * $0) ? 1.0 : 0 }
            x.append(100_000)
            labels.append(1)
            let fit = try LogisticRegression().fit(columns([x]), labels: labels)
            #expect(fit.logOdds([100_000]) > 100_000)
            expectAnEnd(fit, [x], labels)
        }
    }

    @Test func strongCoefficientsOnClassesThatOverlapAreAnswered() throws {
        var random = SeededGenerator.printed(for: "strong")
        for strength in [30.0, 100, 1000] {
            let x = (0..<2).map { _ in (0..<300).map { _ in Double.random(in: -1...1, using: &random) } }
            var labels = (0..<300).map { x[0][$0] + 0.3 * x[1][$0] > 0 ? 1.0 : 0 }
            // Of the rows next to the border a few are on the wrong side.
            let near = (0..<300).sorted { abs(x[0][$0] + 0.3 * x[1][$0]) < abs(x[0][$1] + 0.3 * x[1][$1]) }
            for row in near.prefix(strength < 50 ? 12 : 6) where Bool.random(using: &random) {
                labels[row] = 1 - labels[row]
            }
            labels[near[4]] = x[0][near[4]] + 0.3 * x[1][near[4]] > 0 ? 0 : 1
            let scaled = x.map { $0.map { $0 / strength } }
            let wanted = separating(scaled, labels)
            if wanted == nil {
                let fit = try LogisticRegression().fit(columns(scaled), labels: labels)
                #expect(fit.coefficients[0].value > strength)
                expectAnEnd(fit, scaled, labels)
            } else {
                #expect(throws: Fault(ModelingFaults.regressionSeparated)) {
                    try LogisticRegression().fit(columns(scaled), labels: labels)
                }
            }
        }
    }

    /// In small whole numbers every direction that could separate is at right angles to two rows, so all can be tried.
    @Test func twoColumnsSeparateExactlyWhenTryingAllDirectionsSaysSo() throws {
        var random = SeededGenerator.printed(for: "all directions")
        var (separated, overlapping) = (0, 0)
        for _ in 0..<Effort.runs(150) {
            let count = Int.random(in: 4...14, using: &random)
            let x = (0..<2).map { _ in (0..<count).map { _ in Int.random(in: -4...4, using: &random) } }
            let tilt = Int.random(in: -2...2, using: &random)
            let labels = (0..<count).map { row in
                row < 2
                    ? row : x[0][row] + tilt * x[1][row] + Int.random(in: -3...3, using: &random) > 0 ? 1 : 0
            }
            let rows = (0..<count).map { row in
                [1, x[0][row], x[1][row]].map { labels[row] == 1 ? $0 : -$0 }
            }
            guard rank(rows) == 3 else { continue }
            let isSeparated = directions(rows).contains { direction in
                let moves = rows.map { zip($0, direction).reduce(0) { $0 + $1.0 * $1.1 } }
                return moves.allSatisfy { $0 >= 0 } && moves.contains { $0 > 0 }
            }
            let values = x.map { $0.map(Double.init) }
            let found = separating(values, labels.map(Double.init))
            #expect((found != nil) == isSeparated, "\(x) \(labels)")
            if isSeparated { separated += 1 } else { overlapping += 1 }
            do {
                let fit = try LogisticRegression().fit(columns(values), labels: labels.map(Double.init))
                #expect(!isSeparated, "\(x) \(labels)")
                expectAnEnd(fit, values, labels.map(Double.init))
            } catch let fault {
                let isNamed = [ModelingFaults.regressionSeparated, ModelingFaults.regressionRare].contains {
                    fault.is($0)
                }
                #expect(isSeparated && isNamed, "\(fault.number) \(x) \(labels)")
            }
        }
        #expect(separated > 10 && overlapping > 10)
    }

    @Test func quasiSeparationIsNamedWithTheColumnsThatItNeeds() throws {
        var random = SeededGenerator.printed(for: "quasi")
        for _ in 0..<Effort.runs(5) {
            let noise = (0..<3).map { _ in (0..<150).map { _ in Double.random(in: -2...2, using: &random) } }
            let a = (0..<150).map { _ in Double(Int.random(in: 0...5, using: &random)) }
            let b = (0..<150).map { _ in Double(Int.random(in: 0...5, using: &random)) }
            // Neither a nor b alone: their sum does, but for where it is 5.
            let labels = (0..<150).map { row in
                a[row] + b[row] == 5 ? Double(Int.random(in: 0...1, using: &random)) : a[row] + b[row] > 5 ? 1 : 0
            }
            let fault = #expect(throws: Fault(ModelingFaults.regressionSeparated)) {
                try LogisticRegression().fit(columns([noise[0], a, noise[1], b, noise[2]]), labels: labels)
            }
            #expect(fault?.what == "separating: x1, x3")
        }
        // One row alone is moved, and only together with the columns that hold the others where they are.
        let x: [[Double]] = [[0, 0, 0, 0, 1, 1, 1, 1, 0.5], [0, 0, 1, 1, 0, 0, 1, 1, 3]]
        let labels: [Double] = [0, 1, 0, 1, 0, 1, 0, 1, 1]
        #expect(separating(x, labels) == nil)
        #expect(separating(x + [[0, 0, 0, 0, 0, 0, 0, 0, 2]], labels) == ["x2"])
    }

    @Test(arguments: [1e-4, 1e-7])
    func classesThatOverlapByLittleAreNotSeparatedAndThoseThatTouchAre(reach: Double) {
        let labels: [Double] = [0, 0, 0, 1, 1, 1]
        #expect(separating([[-1, -0.5, reach, -reach, 0.5, 1]], labels) == nil)
        #expect(separating([[-1, -0.5, 0, 0, 0.5, 1]], labels) == ["x0"])
        #expect(separating([[-1, -0.5, -reach, reach, 0.5, 1]], labels) == ["x0"])
    }

    @Test func manyColumnsSeparateFewRowsAndScalesAreOfNoAccount() throws {
        var random = SeededGenerator.printed(for: "many columns")
        let labels = (0..<20).map { Double($0 % 2) }
        let many = (0..<40).map { _ in (0..<20).map { _ in Double.random(in: -1...1, using: &random) } }
        let named = try #require(separating(many, labels))
        #expect(named.count > 1 && named.count < 20)
        let places = named.compactMap { name in (0..<40).first { "x\($0)" == name } }
        #expect(separating(places.map { many[$0] }, labels) == places.indices.map { "x\($0)" })
        for left in places {
            #expect(separating(places.filter { $0 != left }.map { many[$0] }, labels) == nil)
        }
        let scaled = many.enumerated().map { place, values in
            values.map { $0 * [1e-6, 1, 1e6][place % 3] + [0, 1000][place % 2] * [1e-6, 1, 1e6][place % 3] }
        }
        #expect(separating(scaled, labels) == named)
        #expect(separating([many[0]], labels) == nil)
    }

    /// At the end the likelihood does not rise along any column.
    private func expectAnEnd(
        _ fit: LogisticFit, _ values: [[Double]], _ labels: [Double], _ place: SourceLocation = #_sourceLocation
    ) {
        for column in [labels.map { _ in 1.0 }] + values {
            var (slope, size) = (0.0, 0.0)
            for row in labels.indices {
                let p = Elementary.logistic(fit.logOdds(values.map { $0[row] }))
                slope += (labels[row] - p) * column[row]
                size += abs((labels[row] - p) * column[row])
            }
            #expect(abs(slope) <= 1e-6 * (1 + size), sourceLocation: place)
        }
        let isFinite = (fit.coefficients + [fit.intercept]).allSatisfy { $0.value.isFinite && $0.standardError > 0 }
        #expect(isFinite, sourceLocation: place)
    }

    private func cross(_ a: [Int], _ b: [Int]) -> [Int] {
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    }

    private func directions(_ rows: [[Int]]) -> [[Int]] {
        rows.indices.flatMap { i in (0..<i).flatMap { j in [cross(rows[i], rows[j]), cross(rows[j], rows[i])] } }
    }

    private func rank(_ rows: [[Int]]) -> Int {
        let isFull = directions(rows).contains { direction in
            rows.contains { zip($0, direction).reduce(0) { $0 + $1.0 * $1.1 } != 0 }
        }
        return isFull ? 3 : 2
    }
}
