import Faults
import Resources
import Testing

@testable import atoll

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files, checks and benches: what commands do without a server.
@Suite struct CommandsLocalTests {
    @Test func readsAFileWholeAndBounded() throws {
        let folder = ClientFolder()
        let file = folder.write("a.yaml", String(repeating: "x", count: 100_000))
        #expect(try FileInput.read(file).count == 100_000)
        #expect(try FileInput.read(file, limit: 70_000).count == 70_001)
    }

    @Test func aFileThatCannotBeReadIsNamed() {
        let folder = ClientFolder()
        for path in ["\(folder.path)/missing.yaml", folder.path] {
            let fault = #expect(throws: Fault(ProgramFaults.fileUnreadable)) { try FileInput.read(path) }
            #expect(fault?.place == path)
            #expect(fault?.what.contains(path) == true)
        }
    }

    @Test func kindsAreListedAndExplainedWithoutAServer() async throws {
        let nowhere = "/nowhere/atoll"
        let kinds = try await CommandOutcome.of(["kinds", "-o", "json"], data: nowhere)
        #expect(kinds.status == 0, "\(kinds.error)")
        let names = try kinds.json["items"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(names == SiteKinds.registry.kinds.map(\.name) && names.contains("Route"))
        let route = try await CommandOutcome.of(["explain", "route.peer"], data: nowhere)
        #expect(route.status == 0 && route.output.contains("spec.peer"), "\(route.error)")
        let other = try await CommandOutcome.of(["explain", "nothing"], data: nowhere)
        #expect(other.says(ProgramFaults.unknownFault))
        // What is the server's alone still needs one.
        #expect(try await CommandOutcome.of(["get", "tenants"], data: nowhere).says(ProgramFaults.notRunning))
    }

    private func statuses(_ location: DataLocation, user: UInt32 = geteuid()) async -> [String: CheckResult.Status] {
        let checks = await LocalChecks(location: location, user: user).run()
        return Dictionary(uniqueKeysWithValues: checks.map { ($0.id, $0.status) })
    }

    @Test func withoutADirectoryTheDoctorSaysWhereToBegin() async throws {
        let location = try DataLocation(option: "/nowhere/atoll")
        #expect(
            await statuses(location) == ["client.directory": .fail, "client.socket": .fail, "client.server": .fail])
        let text = DoctorCommand.text(
            await LocalChecks(location: location).run(),
            for: Terminal(descriptor: 1, isTerminal: false, columns: nil) { _ in nil }
        )
        #expect(text.contains("fail  client.directory  /nowhere/atoll (from --data) does not exist\n"))
        #expect(text.contains("fix:    Start a server: atoll serve --data /nowhere/atoll\n"))
        #expect(text.hasSuffix("0 pass, 0 warn, 3 fail"))
    }

    @Test func theDoctorLooksAtPermissionsAndOwner() async throws {
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        #expect(
            await statuses(location) == [
                "client.directory": .pass, "client.permissions": .pass, "client.socket": .fail, "client.server": .fail,
            ]
        )
        #expect(await statuses(location, user: 4_000_000)["client.directory"] == .fail)
        chmod(folder.path, 0o750)
        #expect(await statuses(location)["client.permissions"] == .fail)
    }

    @Test func theDoctorPassesWhatTheServerFound() async throws {
        let folder = ClientFolder()
        let location = try DataLocation(option: folder.path)
        let finding =
            #"{"id":"disk.space","status":"warn","found":"500 MiB free","wanted":"1024 MiB","fix":"free space"}"#
        let server = CannedServer(
            socket: location.socket,
            answers: [
                CannedServer.answer("200 OK", #"{"version":"9.9.9","pid":12}"#),
                CannedServer.answer("200 OK", "{\"items\":[\(finding)]}"),
            ]
        )
        defer { server.stop() }
        chmod(location.socket, 0o600)
        #expect(
            await statuses(location) == [
                "client.directory": .pass, "client.permissions": .pass, "client.socket": .pass, "client.server": .pass,
                "client.version": .warn, "disk.space": .warn,
            ]
        )
    }

    @Test func findsBenchesBesideTheProgramAndInItsInstallation() throws {
        let folder = ClientFolder()
        for name in ["/bin", "/libexec", "/libexec/atoll"] { mkdir(folder.path + name, 0o700) }
        let beside = folder.write("bin/atoll-bench-store", "#!/bin/sh\n", mode: 0o700)
        _ = folder.write("libexec/atoll/atoll-bench-kernels", "#!/bin/sh\n", mode: 0o700)
        _ = folder.write("bin/atoll-bench-notes", "not a program")
        let finder = BenchFinder(program: "\(folder.path)/bin/atoll")
        #expect(finder.names == ["kernels", "store"])
        #expect(try finder.path(of: "store") == beside)
        #expect(try finder.path(of: "kernels").hasSuffix("/libexec/atoll/atoll-bench-kernels"))
        let fault = #expect(throws: Fault(ProgramFaults.benchMissing)) { try finder.path(of: "stor") }
        #expect(fault?.wanted == "did you mean 'store'?")
        #expect(throws: Fault(ProgramFaults.benchMissing)) { try finder.path(of: "notes") }
        #expect(throws: Fault(ProgramFaults.usage)) { try finder.path(of: "../bin/atoll-bench-store") }
    }

    @Test func whereNothingRunsTheVersionIsTheClientsAlone() async throws {
        let folder = ClientFolder()
        #expect(try await VersionCommand.server(DataLocation(option: folder.path)) == nil)
        #expect(VersionCommand.json(server: nil)["client"]?["version"] == .string(ProgramVersion.text))
        #expect(VersionCommand.json(server: nil)["server"] == nil)
    }
}
