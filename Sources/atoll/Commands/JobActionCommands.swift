import ArgumentParser

/// `atoll job pause`.
struct JobPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop a job's workers everywhere; it goes on from its checkpoints when it is resumed.",
        discussion: """
            EXAMPLES:
              atoll job pause check --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    func run() async throws { try await job.act("pause", "pauses at all its sites.") }
}

/// `atoll job resume`.
struct JobResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a paused job.",
        discussion: """
            EXAMPLES:
              atoll job resume check --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    func run() async throws { try await job.act("resume", "goes on when all its sites are ready.") }
}

/// `atoll job cancel`.
struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a job at all its sites. At a partner's site its owner is asked to.",
        usage: "atoll job cancel <name> [<options>]",
        discussion: """
            EXAMPLES:
              atoll job cancel check --tenant risk --project cards --reason "wrong month"
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .long, help: ArgumentHelp("Why; all parties read it.", valueName: "text"))
    var reason: String?

    func run() async throws {
        try await job.act("cancel", "ends at all its sites.", [("reason", reason)])
    }
}

/// `atoll job retry`.
struct JobRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Begin a failed job again with the task that failed; what is done stays.",
        discussion: """
            EXAMPLES:
              atoll job retry check --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    func run() async throws { try await job.act("retry", "begins again with the task that failed.") }
}

/// `atoll job approve`.
struct JobApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a job at this site. Who asked for it cannot.",
        discussion: """
            `atoll job describe` shows what is asked for.

            EXAMPLES:
              atoll job approve check --tenant partners --project bank
            """
    )

    @OptionGroup var job: JobOptions

    func run() async throws { try await job.act("approve", "is approved at this site.") }
}
