import Foundation
import Testing

@testable import Trials

/// Two models on the same rows.
@Suite struct UpliftTests {
    private let labels: [Double] = [1, 0, 1, 1, 0, 0, 0, 1, 0, 0]
    private let guest = [0.6, 0.5, 0.4, 0.7, 0.6, 0.2, 0.1, 0.3, 0.4, 0.65]
    private let federated = [0.8, 0.3, 0.55, 0.9, 0.55, 0.2, 0.15, 0.5, 0.45, 0.6]

    /// The expected numbers come from the paper's definition, pair by pair, in another language.
    @Test func theIntervalOfAUCIsDeLongs() throws {
        let found = try #require(
            TrialDocument.Uplift(guest: guest, federated: federated, labels: labels, isBinary: true))
        #expect(abs(found.value - 0.22916666666666652) < 1e-12)
        #expect(abs((found.high - found.low) / 2 / 1.959963984540054 - 0.1136005835926585) < 1e-12)
        // Narrower than without the pairing.
        let swapped = try #require(
            TrialDocument.Uplift(guest: federated, federated: guest, labels: labels, isBinary: true))
        #expect(abs(swapped.value + found.value) < 1e-12 && abs(swapped.low + found.high) < 1e-12)
    }

    @Test func theIntervalOfRMSEIsThatOfPairedErrors() throws {
        let found = try #require(
            TrialDocument.Uplift(
                guest: [2, 6, 9, 4, 6], federated: [2.5, 5.5, 7.5, 3, 8], labels: [3, 5, 7, 2, 9], isBinary: false))
        #expect(abs(found.value - 1.2077390202522262) < 1e-12)
        #expect(abs((found.high - found.low) / 2 / 1.959963984540054 - 0.29341829068529385) < 1e-12)
    }

    @Test func theSameModelGainsNothing() throws {
        let found = try #require(TrialDocument.Uplift(guest: guest, federated: guest, labels: labels, isBinary: true))
        #expect(found.value == 0 && found.low == 0 && found.high == 0)
        // Only the order counts.
        let scaled = guest.map { $0 * 3 - 7 }
        let same = try #require(TrialDocument.Uplift(guest: guest, federated: scaled, labels: labels, isBinary: true))
        #expect(same == found)
    }

    @Test func whatCannotBeComparedIsNot() {
        #expect(
            TrialDocument.Uplift(guest: [1, 2, 3], federated: [1, 2, 3], labels: [1, 0, 0], isBinary: true) == nil)
        #expect(TrialDocument.Uplift(guest: [1, 2], federated: [1], labels: [1, 0], isBinary: true) == nil)
        #expect(TrialDocument.Uplift(guest: [], federated: [], labels: [], isBinary: false) == nil)
        #expect(TrialDocument.Uplift(guest: [.nan, 1], federated: [1, 2], labels: [1, 0], isBinary: false) == nil)
    }

    @Test func aDocumentWithoutItsNonNumbersFitsTheSchema() throws {
        var document = ReportExample.binary()
        document.figures["x"] = .nan
        document.phases[0].seconds = .infinity
        document.phases[0].memory = .nan
        document.routes[0].figures["x"] = .nan
        document.expectations[0].found = .infinity
        document.learning?.models[0].measures["precision"] = .nan
        document.learning?.models[0].roc[0].x = .nan
        document.learning?.models[0].bands[0].lift = .nan
        document.learning?.trees[0].nodes[0].edge = .infinity
        document.learning?.learnt[0].counted["x"] = .nan
        document.learning?.uplift = .init(value: .nan, low: 0, high: 1)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(document) }
        let schema = try Schema(Data(contentsOf: Python.root.appending(path: "docs/trial-report.schema.json")))
        #expect(try schema.problems(of: try JSONEncoder().encode(document.finite)) == [])
        #expect(document.finite.learning?.models[0].measures["precision"] == nil)
        #expect(ReportExample.binary().finite == ReportExample.binary())
    }
}
