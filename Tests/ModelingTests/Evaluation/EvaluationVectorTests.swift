import Foundation
import Testing

@testable import Modeling

/// Against what scikit-learn computed (`Tests/Vectors/evaluation_vectors.py`).
@Suite struct EvaluationVectorTests {
    struct Vectors: Decodable {
        let binary: [Binary]
        let regression: [Regression]

        struct Binary: Decodable {
            let labels, scores: [Double]
            let auc, delong, ks, averagePrecision, brier, logLoss, threshold: Double
            let confusion: [Int]
            let precision, recall, f1, accuracy: Double
        }

        struct Regression: Decodable {
            let labels, predictions: [Double]
            let rmse, mae, r2: Double
        }
    }

    private let vectors: Vectors

    init() throws {
        vectors = try VectorFile.read("evaluation.json")
    }

    @Test func binaryMeasuresAreThoseOfScikitLearn() throws {
        #expect(vectors.binary.count == 4)
        for vector in vectors.binary {
            let found = try BinaryEvaluation(scores: vector.scores, labels: vector.labels)
            let auc = try found.auc()
            expect(auc.value, vector.auc)
            expect(auc.standardError, vector.delong)
            expect(try found.gini(), 2 * vector.auc - 1)
            expect(try found.kolmogorovSmirnov().value, vector.ks)
            expect(try found.averagePrecision(), vector.averagePrecision)
            expect(try found.brier(), vector.brier)
            expect(try found.logLoss(), vector.logLoss)
            let confusion = found.confusion(at: vector.threshold)
            #expect(
                [
                    confusion.truePositives, confusion.falsePositives, confusion.trueNegatives,
                    confusion.falseNegatives,
                ] == vector.confusion)
            expect(confusion.precision, vector.precision)
            expect(confusion.recall, vector.recall)
            expect(confusion.fMeasure, vector.f1)
            expect(confusion.accuracy, vector.accuracy)
        }
    }

    @Test func regressionMeasuresAreThoseOfScikitLearn() throws {
        #expect(vectors.regression.count == 2)
        for vector in vectors.regression {
            let found = try RegressionEvaluation(predictions: vector.predictions, labels: vector.labels)
            expect(found.rmse, vector.rmse)
            expect(found.mae, vector.mae)
            expect(try #require(found.r2), vector.r2)
        }
    }

    private func expect(_ found: Double, _ wanted: Double, _ place: SourceLocation = #_sourceLocation) {
        #expect(abs(found - wanted) <= 1e-12 * max(1, abs(wanted)), sourceLocation: place)
    }
}
