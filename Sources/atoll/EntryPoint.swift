import ArgumentParser
import Dispatch

/// Where the program begins. A worker runs before anything asynchronous has started: no thread but its own, no event
/// loop, no timer.
@main
enum EntryPoint {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == WorkerCommand.configuration.commandName {
            Platform.exit(Atoll.runNow(arguments))
        }
        // The one task that all others are below.
        Task { Platform.exit(await Atoll.run(arguments)) }
        dispatchMain()
    }
}
