import Faults
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// Asking a peer for data and being answered, with two real sites.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct AccessProcessTests {
    private static let scope = FileUploadTests.scope

    @Test func aPeerIsAskedAnswersAndTheAskerSeesIt() async throws {
        try await TwoRealSites.with { sites in
            try await sites.join()
            let folder = ClientFolder()
            for site in [sites.bank, sites.partner] {
                let applied = try await site.atoll(
                    "apply", "-f", folder.write("places.yaml", FileUploadTests.places))
                #expect(applied.status == 0, "\(applied.error)")
            }
            let csv = folder.write("takings.csv", "shop,turnover\ns1,10\ns2,20\n")
            func at(_ site: RunningSite, _ words: String...) async throws -> Program.Result {
                try await site.run(words + Self.scope)
            }
            let made = try await at(sites.partner, "data", "upload", csv, "--name", "takings", "--id", "shop")
            #expect(made.status == 0, "\(made.errors)")
            let offered = try await at(sites.partner, "data", "offer", "takings", "--peer", "bank")
            #expect(offered.status == 0, "\(offered.errors)")
            try await waitUntil("the offer") {
                try await at(sites.bank, "grant", "offers", "partner").output.contains("shop text, turnover integer")
            }
            let asked = try await at(
                sites.bank, "grant", "request", "takings", "--peer", "partner", "--dataset", "takings", "--column",
                "shop", "--column", "turnover", "--purpose", "scoring", "--algorithm", "align", "--uses", "5",
                "--until",
                "2099-01-01T00:00:00Z")
            #expect(asked.status == 0, "\(asked.errors)")
            try await waitUntil("the request at the partner") {
                try await at(sites.partner, "grant", "requests", "--incoming").output.contains("bank-takings")
            }
            let wide = try await at(sites.partner, "grant", "answer", "bank-takings", "--grant", "--uses", "6")
            #expect(wide.errors.contains("\(GrantFaults.wider.number)"), "\(wide.errors)")
            let granted = try await at(
                sites.partner, "grant", "answer", "bank-takings", "--grant", "--as", "to-bank", "--column", "shop",
                "--reason", "shops alone")
            #expect(granted.status == 0 && granted.output.contains("granted as to-bank"), "\(granted.errors)")
            try await waitUntil("the answer at the bank") {
                let requests = try await at(sites.bank, "grant", "requests").output
                return requests.contains("Granted") && requests.contains("shops alone")
            }
            #expect(try await at(sites.partner, "grant", "list").output.contains("to-bank"))
            let again = try await at(
                sites.partner, "grant", "answer", "bank-takings", "--refuse", "--reason", "too late")
            #expect(again.errors.contains("\(GrantFaults.answered.number)"), "\(again.errors)")
        }
    }
}
