import Faults
import Resources
import ResourcesTestKit
import Testing

@Suite struct YAMLReaderTests {
    private func read(_ text: String) throws -> [JSONValue] {
        try YAMLReader.documents(Array(text.utf8), file: "x.yaml").map(\.value)
    }

    @Test func plainWordsMeanWhatTheCoreSchemaSays() throws {
        let text = """
            norway: no
            switch: on
            truth: true
            nothing: ~
            empty:
            version: 1.10
            text: "1.10"
            octal: 0o17
            zip: 007
            hex: 0xff
            big: 9223372036854775807
            larger: 9223372036854775808
            exponent: 1e3
            date: 2026-01-31
            time: 12:30:45
            folded: >
              one
              two
            """
        let expected: JSONValue = [
            "norway": "no", "switch": "on", "truth": true, "nothing": .null, "empty": .null, "version": 1.1,
            "text": "1.10",
            "octal": 15, "zip": 7, "hex": 255, "big": .integer(.max), "larger": .number(9_223_372_036_854_775_808),
            "exponent": .number(1000), "date": "2026-01-31", "time": "12:30:45", "folded": "one two",
        ]
        #expect(try read(text) == [expected])
    }

    @Test func jsonIsYAML() throws {
        let expected: JSONValue = ["a": [1, 2.5, "x", .null, true], "b": [:]]
        #expect(try read(#"{"a": [1, 2.5, "x", null, true], "b": {}}"#) == [expected])
    }

    @Test func filesHoldSeveralDocuments() throws {
        #expect(try read("a: 1\n---\n---\nb: 2\n...\n") == [["a": 1], ["b": 2]])
        #expect(try read("# only a comment\n").isEmpty)
    }

    @Test func placesAreLinesOfTheFile() throws {
        let documents = try YAMLReader.documents(Array("a: 1\n---\nb:\n  c:\n    - d: 1\n".utf8), file: "x.yaml")
        #expect(documents.last?.lines["b.c[0].d"] == 5)
        #expect(documents.last?.locate("b.c[0].e") == "b.c[0].e (line 5 of x.yaml)")
    }

    @Test func refusesWithALine() throws {
        let cases: [(String, FaultEntry, String)] = [
            ("a: 1\nb: [1, 2\n", ResourceFaults.syntax, "line 3"),
            ("a: 1\n\tb: 2\n", ResourceFaults.syntax, "line 2"),
            ("a: 1\na: 2\n", ResourceFaults.duplicateKey, "line"),
            ("? [1, 2]\n: 3\n", ResourceFaults.syntax, "line 1"),
            ("a: .inf\nb: 1e999\n", ResourceFaults.syntax, "line 2"),
        ]
        for (text, entry, place) in cases {
            let fault = #expect(throws: Fault(entry), "\(text)") { try read(text) }
            #expect(fault?.place?.contains(place) == true, "\(text): \(fault?.place ?? "")")
        }
        #expect(throws: Fault(ResourceFaults.syntax)) { try YAMLReader.documents([0xFF, 0xFE, 0x00]) }
    }

    @Test func bombsAreRefused() throws {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(names)]\n"
        }
        #expect(throws: Fault(ResourceFaults.tooLarge)) { try read(bomb) }
        #expect(throws: Fault(ResourceFaults.tooLarge)) {
            try YAMLReader.documents([UInt8](repeating: UInt8(ascii: "#"), count: YAMLReader.maximumBytes + 1))
        }
        let towers = [("[", 100), ("[", 100_000), ("{a: ", 100_000), ("- ", 100), ("- ", 100_000), ("? ", 100_000)]
        for (open, count) in towers {
            #expect(throws: Fault.self, "\(open) \(count)") { try read(String(repeating: open, count: count)) }
        }
        #expect(throws: Fault(ResourceFaults.tooDeep)) {
            try read(String(repeating: "[", count: 80) + String(repeating: "]", count: 80))
        }
    }

    @Test func mutatedDocumentsAreReadOrRefused() {
        var generator = SeededGenerator.printed(for: "mutatedDocumentsAreReadOrRefused")
        let seed = generator.seed
        let samples = [
            "apiVersion: atoll.dev/v1alpha1\nkind: Tenant\nmetadata: {name: a, labels: {b: c}}\nspec:\n  - x: |\n      y\n",
            #"{"a": [1, -2.5e3, "\u00e9", null], "b": {"c": "d"}}"#,
            "&a b: *a\n? c\n: !!str d\n--- >-\n text\n...\n# e\n",
        ]
        for round in 0..<3000 {
            var bytes = Array(samples[round % samples.count].utf8)
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert("[]{}:,-&*!|>'\"%#?\n\t ".utf8.randomElement(using: &generator)!, at: index)
                default: bytes.append(contentsOf: bytes[index...].prefix(8))
                }
                if bytes.isEmpty { bytes = [32] }
            }
            do {
                for document in try YAMLReader.documents(bytes) {
                    let written = YAMLWriter.write(document.value)
                    let again = try YAMLReader.documents(Array(written.utf8))
                    #expect(again.map(\.value) == [document.value], "seed \(seed), round \(round): \(written)")
                }
            } catch {
                #expect((1001...1030).contains(error.number.rawValue), "seed \(seed), round \(round)")
            }
        }
    }
}
