import ArgumentParser
import Faults
import TaskRuntime

/// `atoll worker`: one party's side of one task. The site starts it; `EntryPoint` runs it before anything asynchronous.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run one task of a job; started by the site, not by people.",
        discussion: """
            Reads the task's order, one JSON document, from standard input: it holds a token, so it is never an argument. \
            Talks to the site over the socket that the order names. Writes nothing to standard output, and numbered \
            errors to standard error. SIGTERM and SIGINT end it within a second.

            EXAMPLES:
              atoll worker < order.json

            EXIT CODES:
               0  done; the site has the result
               1  the task failed with a numbered error, which the site knows
              65  the order cannot be read
              69  the site's socket cannot be reached, or the connection broke
              75  told to stop
            """,
        shouldDisplay: false
    )

    func run() throws {
        let stop = WorkerStop()
        let order: TaskOrder
        do {
            order = try TaskOrder.read(Self.input(most: TaskOrder.largest + 1))
        } catch {
            throw Self.exit(.refused(error))
        }
        let shell = WorkerShell(order: order, code: ProgramVersion.text)
        stop.begin(shell)
        throw Self.exit(shell.run())
    }

    /// Standard input up to its end, or so many bytes of it; what cannot be read ends it.
    private static func input(most: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < most {
            let count = Platform.read(0, into: &block)
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        return Array(bytes.prefix(most))
    }

    private static func exit(_ end: WorkerEnd) -> ExitCode {
        if let fault = end.fault { Console.note(TerminalText.lines(fault.description)) }
        return ExitCode(end.status)
    }
}
