import ArgumentParser
import Faults
import Resources

/// `atoll peer invitations`.
struct PeerInvitationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invitations",
        abstract: "List invitations and what became of them; codes are never shown.",
        discussion: """
            EXAMPLES:
              atoll peer invitations
              atoll peer invitations -o json | jq -r '.items[] | select(.state == "open") | .id'
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let items = try await connection.connect { try await $0.get(APIPath("invitations"))["items"]?.array ?? [] }
        if output == .table, items.isEmpty { return Console.note("There are no invitations.") }
        try output.print(
            items,
            columns: [
                ("INVITATION", "id"), ("NAME", "name"), ("STATE", "state"), ("EXPIRES", "expires"),
                ("FAILURES", "failures"), ("AUTHOR", "author"),
            ]
        )
    }
}

/// `atoll peer withdraw`.
struct PeerWithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Make the code of an open invitation useless.",
        discussion: """
            EXAMPLES:
              atoll peer invitations
              atoll peer withdraw mfrggzdfmztwq2lk
            """
    )

    @Argument(help: "The invitation, as `atoll peer invitations` lists it.")
    var invitation: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        _ = try await connection.connect { try await $0.delete(APIPath("invitations", invitation)) }
        try Console.write("invitation \(TerminalText.line(invitation)) withdrawn")
    }
}
