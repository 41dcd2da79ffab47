import SitesTestKit
import Testing

/// Every transport passes the one suite.
@Suite struct LinkConformanceTests {
    @Test(arguments: LinkSuite.checks)
    func inProcess(_ check: LinkCheck) async throws {
        try await check.run(on: .inProcess)
    }

    @Test(arguments: LinkSuite.checks)
    func gRPC(_ check: LinkCheck) async throws {
        try await check.run(on: .gRPC)
    }
}
