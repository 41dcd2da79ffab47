import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

/// The trainer against one that is written straight from the formulas.
@Suite struct ReferenceTests {
    @Test(arguments: Objective.allCases)
    func theTrainerGivesTheModelOfTheFormulas(objective: Objective) throws {
        var random = SeededGenerator.printed(for: "reference trainer")
        for round in 0..<Effort.runs(25) {
            let sample = Sample(
                rows: Int.random(in: 1...260, using: &random),
                columns: [[2], [3, 2], [0, 3], [2, 2, 3]].randomElement(using: &random)!, objective: objective,
                isWeighted: Bool.random(using: &random), missing: [0.02, 0.3].randomElement(using: &random)!,
                using: &random)
            let settings = BoostingSettings.random(objective, using: &random)
            let data = try sample.data(bins: [2, 4, 32].randomElement(using: &random)!)
            let edges = data.parties.map { $0.columns.map(\.edges.values) }
            guard let found = try? BoostingTrainer(settings).train(data).model else {
                // The one way to fail: every row was kept for validation.
                #expect(sample.rows < 20)
                continue
            }
            let expected = ReferenceTrainer(settings: settings, sample: sample, edges: edges).train()
            let isSame = try found.digest() == expected.digest()
            #expect(isSame, "round \(round): \(settings)")
            if !isSame {
                print(found.dump, expected.dump)
                break
            }
        }
    }

    @Test func samplesExerciseEveryPartOfTheRule() throws {
        // What the test above compares would be worth little if hosts, missing values or the guard never mattered.
        var random = SeededGenerator.printed(for: "exercise")
        var owners: Set<Int> = []
        var directions: Set<Bool> = []
        var guarded = 0
        for _ in 0..<10 {
            let sample = Sample(rows: 260, columns: [2, 3], objective: .binary, missing: 0.3, using: &random)
            var settings = BoostingSettings(objective: .binary)
            settings.trees = 3
            settings.cellGuard = 5
            let data = try sample.data()
            let model = try BoostingTrainer(settings).train(data).model
            for part in model.parts {
                for condition in part.conditions {
                    owners.insert(part.party)
                    directions.insert(condition.missingLeft)
                }
            }
            settings.cellGuard = 0
            let open = try BoostingTrainer(settings).train(data).model
            if open.structure.trees != model.structure.trees { guarded += 1 }
        }
        #expect(owners == [0, 1] && directions == [true, false] && guarded > 0)
    }
}
