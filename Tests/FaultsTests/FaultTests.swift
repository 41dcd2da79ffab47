import Faults
import Testing

@Suite struct FaultTests {
    private let entry = FaultEntry(1, "sample", status: 400, "Something is wrong.", fix: "Do it right.")
    private let other = FaultEntry(2, "other", status: 500, "Something else is wrong.", fix: "Try again.")

    @Test func equalityIsByNumber() {
        #expect(Fault(entry, "one", at: "here") == Fault(entry, "two", at: "there"))
        #expect(Fault(entry) != Fault(other))
    }

    @Test func whatIsNotSaidComesFromTheEntry() {
        let fault = Fault(entry)
        #expect(fault.what == "Something is wrong.")
        #expect(fault.fix == "Do it right.")
        #expect(fault.description == "ATL-0001 Something is wrong.\n  fix:    Do it right.")
    }

    @Test func everythingKnownIsShown() {
        let fault = Fault(entry, "`colour` is no field.", at: "spec.colour", wanted: "color", fix: "Rename it.")
        #expect(
            fault.description == """
                ATL-0001 `colour` is no field.
                  where:  spec.colour
                  wanted: color
                  fix:    Rename it.
                """)
    }

    @Test func partsAreShownUnderTheWhole() {
        let fault = Fault(entry, parts: [Fault(other, at: "a"), Fault(other, at: "b")])
        #expect(
            fault.description == """
                ATL-0001 Something is wrong.
                  ATL-0002 Something else is wrong.
                    where:  a
                    fix:    Try again.
                  ATL-0002 Something else is wrong.
                    where:  b
                    fix:    Try again.
                """)
    }

    @Test func theSourceIsTheLineThatThrew() {
        let fault = Fault(entry)
        #expect(fault.source == "FaultsTests/FaultTests.swift:\(#line - 1)")
    }
}
