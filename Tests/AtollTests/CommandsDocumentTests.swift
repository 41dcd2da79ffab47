import ArgumentParser
import Foundation
import Testing

@testable import atoll

/// `docs/cli.md` says what the program does.
@Suite struct CommandsDocumentTests {
    private func page() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
    }

    @Test func thePageListsEveryExitCode() throws {
        let page = try page()
        for status in ExitStatus.allCases {
            #expect(page.contains("| \(status.rawValue) | \(status.meaning) |\n"))
        }
    }

    @Test func thePageNamesEveryCommandAndEveryForm() throws {
        let page = try page()
        for command in Atoll.configuration.subcommands {
            #expect(page.contains("`atoll \(command.atollName)"), "\(command.atollName)")
        }
        for form in ListForm.allCases { #expect(page.contains("| `\(form.rawValue)` |")) }
        #expect(
            Set(OutputForm.allCases.map(\.rawValue) + StreamForm.allCases.map(\.rawValue)).isSubset(
                of: ListForm.allCases.map(\.rawValue)))
    }
}
