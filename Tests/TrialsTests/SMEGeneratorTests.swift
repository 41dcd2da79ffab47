import Testing

@testable import Trials

/// Small merchants that never were.
@Suite struct SMEGeneratorTests {
    private func table(_ generator: SMEGenerator, _ party: SMEGenerator.Party) -> [[String: String]] {
        var text = ""
        generator.write(party) { text += $0 }
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test func populationsOverlapAsFarAsAsked() {
        let generator = SMEGenerator(bank: 300, partner: 500, overlap: 0.6, seed: 4)
        let (bank, partner) = (table(generator, .bank), table(generator, .partner))
        let ids = [bank, partner].map { Set($0.compactMap { $0["merchant"] }) }
        #expect(ids[0].count == 300 && ids[1].count == 500)
        #expect(ids[0].intersection(ids[1]).count == 180 && generator.common == 180)
        for (party, rows) in [(SMEGenerator.Party.bank, bank), (.partner, partner)] {
            #expect(rows.allSatisfy { $0.count == SMEGenerator.columns(of: party).count + 1 })
        }
    }

    @Test func labelsHaveACauseAndValuesAreMissing() {
        let generator = SMEGenerator(bank: 4_000, partner: 4_000, overlap: 1, seed: 9)
        let bank = table(generator, .bank)
        let partner = Dictionary(uniqueKeysWithValues: table(generator, .partner).map { ($0["merchant"]!, $0) })
        let bad = bank.filter { $0["defaulted"] == "1" }
        #expect((300...900).contains(bad.count), "\(bad.count)")
        func mean(_ rows: [[String: String]], _ column: String) -> Double {
            let values = rows.compactMap { $0[column].flatMap(Double.init) }
            return values.reduce(0, +) / Double(values.count)
        }
        let good = bank.filter { $0["defaulted"] == "0" }
        #expect(mean(bad, "days_late") > mean(good, "days_late") + 1)
        func there(_ rows: [[String: String]]) -> [[String: String]] { rows.compactMap { partner[$0["merchant"]!] } }
        #expect(mean(there(bad), "takings_trend") < mean(there(good), "takings_trend") - 0.03)
        #expect(bank.count { $0["repayment_rate"] == "" } > 40)
        #expect(partner.values.count { $0["refund_share"] == "" } > 80)
    }

    @Test func anotherSeedIsAnotherWorld() {
        let worlds = [1, 2, 1].map { table(SMEGenerator(bank: 200, partner: 200, overlap: 1, seed: $0), .bank) }
        #expect(worlds[0] != worlds[1] && worlds[0] == worlds[2])
    }
}
