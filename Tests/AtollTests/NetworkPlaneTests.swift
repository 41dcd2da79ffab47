import Faults
import Foundation
import Resources
import Sites
import Testing

@testable import atoll

/// How planes are opened: interfaces, certificates, and what is refused.
@Suite struct NetworkPlaneTests {
    private let machine = NetworkInterfaces(
        entries: [
            .init(name: "lo", address: IPAddress("127.0.0.1")!), .init(name: "eth0", address: IPAddress("10.0.0.5")!),
            .init(name: "eth1", address: IPAddress("fe80::1")!), .init(name: "eth1", address: IPAddress("fd00::5")!),
        ], names: ["lo", "eth0", "eth1", "eth2"])

    private func plane(_ plane: Plane, _ flags: [String: String]) throws -> PlaneSettings? {
        let settings = try Settings(flags: flags, environment: [:], file: nil)
        return try PlaneSettings(plane, settings, identity: nil, interfaces: machine)
    }

    @Test func anInterfaceStandsForItsAddress() throws {
        #expect(try plane(.federation, ["federation.address": "eth0:9370"])?.address.description == "10.0.0.5:9370")
        #expect(try plane(.federation, ["federation.address": "eth1:9370"])?.address.description == "[fd00::5]:9370")
        #expect(try plane(.federation, ["federation.address": "0.0.0.0:9370"])?.description.security == .mutual)
        #expect(try plane(.management, ["management.address": "localhost:9371"])?.description.allow == .loopback)
        #expect(try plane(.business, [:]) == nil)
    }

    @Test(arguments: ["eth9:9370", "eth2:9370", "10.0.0.6:9370", "[fd00::6]:9370", "atoll.example:9370"])
    func whatIsNotThereIsRefusedWithWhatThereIs(address: String) throws {
        let fault = #expect(throws: Fault(RouteFaults.interfaceMissing)) {
            try plane(.federation, ["federation.address": address])
        }
        #expect(fault?.place == "federation.address")
        #expect(fault?.wanted == "lo (127.0.0.1); eth0 (10.0.0.5); eth1 (fe80::1, fd00::5); eth2 (no address)")
    }

    @Test func loopbackIsAmongTheInterfacesOfThisMachine() throws {
        let address = try NetworkInterfaces.current().address(of: "127.0.0.1", at: "here")
        #expect(address.isLoopback)
    }

    @Test func otherMachinesAreServedWithTLSAlone() throws {
        #expect(throws: Fault(RouteFaults.planeNeedsTLS)) {
            try plane(.business, ["business.address": "eth0:9372"])
        }
        let folder = ClientFolder()
        let (certificate, key) = try Self.certificate(in: folder)
        let flags = [
            "business.address": "eth0:9372", "business.certificate": certificate, "business.key": key,
        ]
        #expect(try plane(.business, flags)?.description.security == .tls)
        #expect(throws: Fault(RouteFaults.planeCertificate)) {
            try plane(.business, flags.filter { $0.key != "business.key" })
        }
        #expect(throws: Fault(RouteFaults.planeCertificate)) {
            try plane(.business, flags.merging(["business.tls": "site"]) { $1 })
        }
        #expect(throws: Fault(RouteFaults.planeCertificate)) {
            try plane(.business, flags.merging(["business.key": folder.write("other", "no key", mode: 0o600)]) { $1 })
        }
        #expect(throws: Fault(ProgramFaults.fileUnreadable)) {
            try plane(.business, flags.merging(["business.certificate": "\(folder.path)/none"]) { $1 })
        }
        chmod(key, 0o644)
        #expect(throws: Fault(ProgramFaults.unsafePermissions)) { try plane(.business, flags) }
    }

    /// A self-signed certificate made by OpenSSL.
    static func certificate(in folder: borrowing ClientFolder) throws -> (certificate: String, key: String) {
        let (certificate, key) = ("\(folder.path)/plane.crt", "\(folder.path)/plane.key")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=plane", "-keyout", key, "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        chmod(key, 0o600)
        return (certificate, key)
    }
}
