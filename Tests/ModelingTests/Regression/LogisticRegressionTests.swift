import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct LogisticRegressionTests {
    @Test func theAnswerIsThatOfStatsmodelsAndScikitLearn() throws {
        let vectors = try ScorecardVectors.read().regression
        #expect(vectors.count == 4)
        for vector in vectors {
            let fit = try LogisticRegression(l2: vector.l2).fit(
                columns(vector.values), labels: vector.labels, weights: vector.weights)
            let all = [fit.intercept] + fit.coefficients
            // Scikit-learn's solver stops earlier than Newton's method.
            let reach = vector.l2 > 0 ? 1e-5 : 1e-9
            expect(all.map(\.value), vector.coefficients, reach)
            expect(all.map(\.standardError), vector.errors, reach)
            if let z = vector.z { expect(all.map(\.z), z, 1e-8) }
            if let p = vector.p { expect(all.map(\.p), p, 1e-8) }
            if let intervals = vector.intervals {
                expect(all.map(\.interval.lowerBound), intervals.map { $0[0] }, 1e-8)
                expect(all.map(\.interval.upperBound), intervals.map { $0[1] }, 1e-8)
            }
            if let covariance = vector.covariance {
                expect(fit.covariance.flatMap(\.self), covariance.flatMap(\.self), 1e-8)
            }
            if let deviance = vector.deviance { expect([fit.deviance], [deviance], 1e-10) }
            if let null = vector.nullDeviance { expect([fit.nullDeviance], [null], 1e-10) }
            if let aic = vector.aic { expect([fit.aic], [aic], 1e-10) }
            #expect(fit.steps < 15 && fit.remarks.isEmpty && fit.rows == vector.labels.count)
        }
    }

    @Test func pValuesAreThoseOfScipy() throws {
        let vectors = try ScorecardVectors.read().twoSided
        #expect(vectors.count == 17)
        for vector in vectors {
            let found = Elementary.twoSided(vector.z)
            #expect(abs(found - vector.p) <= 1e-12 * vector.p + 1e-15 * (vector.z < 3 ? 1 : 0), "\(vector.z)")
            #expect(Elementary.twoSided(-vector.z) == found)
        }
        #expect(Elementary.twoSided(1e10) == 0 && Elementary.twoSided(.nan).isNaN)
    }

    @Test func atTheAnswerTheGradientIsZeroAndWeightsAreRepeatedRows() throws {
        var random = SeededGenerator.printed(for: "regression")
        for _ in 0..<Effort.runs(10) {
            let (rows, labels) = sample(200, 3, using: &random)
            let weights = labels.map { _ in Double(Int.random(in: 1...3, using: &random)) }
            let l2 = [0, 0, 1.5].randomElement(using: &random)!
            let fit = try LogisticRegression(l2: l2).fit(columns(rows), labels: labels, weights: weights)
            for place in 0...3 {
                var slope = place > 0 ? -l2 * fit.coefficients[place - 1].value : 0
                for row in labels.indices {
                    let p = Elementary.logistic(fit.logOdds(rows.map { $0[row] }))
                    slope += weights[row] * (labels[row] - p) * (place > 0 ? rows[place - 1][row] : 1)
                }
                #expect(abs(slope) < 1e-7)
            }
            let repeated = labels.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
            let other = try LogisticRegression(l2: l2).fit(
                columns(rows.map { column in repeated.map { column[$0] } }), labels: repeated.map { labels[$0] })
            expect(other.covariance.flatMap(\.self), fit.covariance.flatMap(\.self), 1e-8)
            expect(other.coefficients.map(\.value), fit.coefficients.map(\.value), 1e-9)
        }
    }

    @Test func constantColumnsAreNamed() throws {
        var random = SeededGenerator.printed(for: "constant")
        let (rows, labels) = sample(60, 2, using: &random)
        for value in [0, 5, 1e9] {
            var all = columns(rows)
            all.insert(.init(name: "same", values: labels.map { _ in value }), at: 1)
            for l2 in [0.0, 1] {
                let fault = #expect(throws: Fault(ModelingFaults.regressionConstant)) {
                    try LogisticRegression(l2: l2).fit(all, labels: labels)
                }
                #expect(fault?.what == "constant: same")
            }
        }
    }

    @Test func collinearColumnsAreNamedAndWithAPenaltyRemarked() throws {
        var random = SeededGenerator.printed(for: "collinear")
        let (rows, labels) = sample(200, 3, using: &random)
        var all = columns(rows)
        all.append(.init(name: "sum", values: labels.indices.map { 3 * rows[0][$0] - rows[2][$0] + 7 }))
        let fault = #expect(throws: Fault(ModelingFaults.regressionCollinear)) {
            try LogisticRegression().fit(all, labels: labels)
        }
        #expect(fault?.what == "together: x0, x2, sum")
        let fit = try LogisticRegression(l2: 0.5).fit(all, labels: labels)
        #expect(fit.remarks == [.collinear(columns: ["x0", "x2", "sum"])])
        #expect((fit.coefficients + [fit.intercept]).allSatisfy { $0.value.isFinite && $0.standardError > 0 })
        // Nearly the same is not the same.
        all[3] = .init(name: "near", values: rows[0].map { $0 + Double.random(in: -0.01...0.01, using: &random) })
        #expect(try LogisticRegression().fit(all, labels: labels).remarks.isEmpty)
    }

    @Test func separatedClassesAreToldWithTheColumnThatSeparates() throws {
        var random = SeededGenerator.printed(for: "separated")
        for isComplete in [true, false] {
            for _ in 0..<Effort.runs(5) {
                let (rows, _) = sample(120, 3, using: &random)
                let limit = rows[1].sorted()[60]
                // Quasi-complete: at the limit itself both classes occur.
                let labels = rows[1].map { $0 > limit ? 1.0 : 0 }
                var all = columns(rows)
                if !isComplete {
                    var values = rows[1]
                    let wrong = (0..<6).map { _ in Int.random(in: 0..<120, using: &random) }
                    for row in wrong { values[row] = limit }
                    all[1] = .init(name: "x1", values: values)
                }
                let fault = #expect(throws: Fault(ModelingFaults.regressionSeparated)) {
                    try LogisticRegression().fit(all, labels: labels)
                }
                #expect(fault?.what == "separating: x1")
                let fit = try LogisticRegression(l2: 1).fit(all, labels: labels)
                #expect(fit.coefficients.allSatisfy { $0.value.isFinite && $0.standardError.isFinite && $0.p <= 1 })
            }
        }
    }

    @Test func aValueThatOccursInOneClassAloneIsRare() throws {
        var random = SeededGenerator.printed(for: "rare")
        let (rows, labels) = sample(200, 2, using: &random)
        let bad = try #require(labels.firstIndex(of: 1))
        var all = columns(rows)
        all.append(.init(name: "flag", values: labels.indices.map { $0 == bad ? 1 : 0 }))
        let fault = #expect(throws: Fault(ModelingFaults.regressionRare)) {
            try LogisticRegression().fit(all, labels: labels)
        }
        #expect(fault?.place == "flag")
        let fit = try LogisticRegression(l2: 1).fit(all, labels: labels)
        #expect(fit.remarks == [.rare(column: "flag")] && fit.coefficients[2].value > 0)
        // One row of each class with the value is enough to have an answer.
        let good = try #require(labels.firstIndex(of: 0))
        all[2] = .init(name: "flag", values: labels.indices.map { $0 == bad || $0 == good ? 1 : 0 })
        let settled = try LogisticRegression().fit(all, labels: labels)
        #expect(settled.coefficients[2].standardError > 1 && settled.coefficients[2].standardError < 3)
    }

    @Test func whateverTheColumnsNoAnswerHoldsNaN() throws {
        var random = SeededGenerator.printed(for: "never NaN")
        var (answers, faults) = (0, 0)
        for _ in 0..<Effort.runs(60) {
            let count = Int.random(in: 4...40, using: &random)
            let labels = (0..<count).map { $0 < 2 ? Double($0) : Double(Int.random(in: 0...1, using: &random)) }
            let scale = pow(10, Double(Int.random(in: -12...12, using: &random)))
            let all = (0..<Int.random(in: 1...6, using: &random)).map { place in
                LogisticRegression.Column(
                    name: "x\(place)",
                    values: labels.map { _ in
                        Double(Int.random(in: -2...2, using: &random)) * (place == 0 ? scale : 1)
                            + (place == 1 ? scale : 0)
                    })
            }
            do {
                let fit = try LogisticRegression(l2: [0, 0.1].randomElement(using: &random)!).fit(all, labels: labels)
                answers += 1
                let numbers = (fit.coefficients + [fit.intercept]).flatMap { [$0.value, $0.standardError, $0.z, $0.p] }
                let isFinite = (numbers + [fit.deviance, fit.aic] + fit.covariance.flatMap(\.self)).allSatisfy {
                    $0.isFinite
                }
                #expect(isFinite)
            } catch let fault {
                faults += 1
                #expect((6041...6045).contains(Int(fault.number.rawValue)))
            }
        }
        #expect(answers > 0 && faults > 0)
    }

    @Test func weightsOfTheFurthestRangeHaveAnAnswerOrAFault() throws {
        var random = SeededGenerator.printed(for: "weights")
        let (rows, labels) = sample(100, 1, using: &random)
        for (event, other) in [(1e9, 1e-9), (1e-9, 1e9), (1e-9, 1e-9), (1e9, 1e9)] {
            let weights = labels.map { $0 == 1 ? event : other }
            do {
                let fit = try LogisticRegression().fit(columns(rows), labels: labels, weights: weights)
                #expect(fit.deviance.isFinite && fit.nullDeviance.isFinite && fit.intercept.value.isFinite)
                #expect(fit.coefficients[0].p.isFinite && fit.coefficients[0].standardError > 0)
            } catch let fault {
                #expect(fault == Fault(ModelingFaults.regressionUnsettled))
            }
        }
    }

    /// A hundred rows whose coefficient should be 0.24, and one far out that weighs next to nothing and is fitted already: the
    /// whole step moves it to the other side, so that it is halved 25 times and hardly moves a thing. That is no end.
    @Test func aStepThatIsSmallBecauseItWasHalvedDoesNotSettle() throws {
        var (x, labels): ([Double], [Double]) = ([], [])
        for row in 0..<100 {
            x.append(row < 50 ? 1 : -1)
            labels.append(row % 50 < (row < 50 ? 28 : 22) ? 1 : 0)
        }
        let design = RegressionDesign(
            columns([x + [1e10]]), labels: labels + [0], weights: [Double](repeating: 1, count: 100) + [1e-9])
        var newton = NewtonSteps(design, l2: 0, start: [0, -3e-9])
        let before = newton
        #expect(newton.advance(tolerance: 1e-3) == .moved)
        let moved = abs(newton.uncentred[1] - before.uncentred[1]) * design.deviations[0]
        #expect(moved > 0 && moved < 1e-3 && newton.deviance < before.deviance)
    }

    @Test func aRegressionThatMayTakeOneStepAloneDoesNotSettle() throws {
        var random = SeededGenerator.printed(for: "steps")
        let (rows, labels) = sample(100, 2, using: &random)
        #expect(throws: Fault(ModelingFaults.regressionUnsettled)) {
            try LogisticRegression(mostSteps: 1).fit(columns(rows), labels: labels)
        }
    }

    @Test func inputThatDoesNotFitIsRefused() throws {
        let x = LogisticRegression.Column(name: "x", values: [1, 2, 3, 1])
        let labels: [Double] = [0, 1, 0, 1]
        let wrong: [([LogisticRegression.Column], [Double], [Double]?)] = [
            ([], labels, nil), ([x, x], labels, nil), ([x], [0, 1, 0], nil), ([x], [0, 0, 0, 0], nil),
            ([x], [0, 1, 2, 0], nil), ([x], labels, [1, 1, 1]), ([x], labels, [1, 1, 1, 0]),
            ([x], labels, [1, 1, .nan, 1]), ([x], labels, [1, 1, 1e10, 1]),
            ([.init(name: "n", values: [1, .nan, 1, 2])], labels, nil),
            ([.init(name: "i", values: [1, .infinity, 1, 2])], labels, nil),
            ([.init(name: "", values: x.values)], labels, nil),
            ([.init(name: "l", values: [1, 1e101, 1, 2])], labels, nil),
            ([.init(name: "s", values: [1e-101, 0, 0, 1e-102])], labels, nil),
        ]
        for (columns, labels, weights) in wrong {
            #expect(throws: Fault(ModelingFaults.regression)) {
                try LogisticRegression().fit(columns, labels: labels, weights: weights)
            }
        }
        for settings in [LogisticRegression(l2: -1), .init(l2: .nan), .init(mostSteps: 0), .init(tolerance: 0)] {
            #expect(throws: Fault(ModelingFaults.regression)) { try settings.fit([x], labels: labels) }
        }
    }

    @Test func theInverseOfAMatrixIsItsInverse() throws {
        var random = SeededGenerator.printed(for: "Cholesky")
        for _ in 0..<Effort.runs(20) {
            let size = Int.random(in: 1...12, using: &random)
            let root = (0..<size * size).map { _ in Double.random(in: -1...1, using: &random) }
            var matrix = [Double](repeating: 0, count: size * size)
            for i in 0..<size {
                for j in 0..<size {
                    matrix[i * size + j] = (0..<size).reduce(i == j ? 0.5 : 0) {
                        $0 + root[i * size + $1] * root[j * size + $1]
                    }
                }
            }
            let inverse = Cholesky(matrix, size: size).inverse
            for i in 0..<size {
                for j in 0..<size {
                    let product = (0..<size).reduce(0.0) { $0 + matrix[i * size + $1] * inverse[$1 * size + j] }
                    #expect(abs(product - (i == j ? 1 : 0)) < 1e-9)
                    #expect(inverse[i * size + j] == inverse[j * size + i])
                }
            }
        }
        // The third column is the first two's difference.
        let singular = Cholesky([2, 1, 1, 1, 2, -1, 1, -1, 2], size: 3)
        #expect(singular.dependent == [2] && singular.inverse[8] == 0)
    }

    private func columns(_ values: [[Double]]) -> [LogisticRegression.Column] {
        values.enumerated().map { LogisticRegression.Column(name: "x\($0.offset)", values: $0.element) }
    }

    private func sample(
        _ rows: Int, _ columns: Int, using random: inout SeededGenerator
    ) -> (values: [[Double]], labels: [Double]) {
        let values = (0..<columns).map { _ in (0..<rows).map { _ in Double.random(in: -2...2, using: &random) } }
        let labels = (0..<rows).map { row in
            row < 2 ? Double(row) : values[0][row] * 0.6 + Double.random(in: -3...3, using: &random) > 0.5 ? 1.0 : 0
        }
        return (values, labels)
    }

    private func expect(
        _ found: [Double], _ wanted: [Double], _ reach: Double, _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(found.count == wanted.count, sourceLocation: place)
        for (found, wanted) in zip(found, wanted) {
            #expect(abs(found - wanted) <= reach * max(1, abs(wanted)), sourceLocation: place)
        }
    }
}
