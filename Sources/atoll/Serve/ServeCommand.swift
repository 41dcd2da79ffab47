import ArgumentParser
import Faults
import Logging
import Metrics
import Observability
import Resources
import Sites

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `atoll serve`: control plane, gateway and portal of one site in one process.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run a site until it is told to stop.",
        usage: "atoll serve [<options>]",
        discussion: """
            Flags win over the environment, the environment over DIR/atoll.yaml, the file over the defaults; `atoll \
            config show` tells each setting and where it comes from. SIGTERM and Ctrl-C stop within two seconds.

            EXAMPLES:
              atoll serve
              atoll serve --data /srv/atoll --log-form json
              atoll serve --management-address 127.0.0.1:9371     # people, probes and metrics
            """
    )

    @OptionGroup var options: ServeOptions

    @Option(help: ArgumentHelp("Serve the portal's style and script from here, for work on them.", valueName: "dir"))
    var assets: String?

    func run() async throws {
        umask(0o077)
        let location = try DataLocation(option: options.data)
        let directory = try DataDirectory(path: location.directory)
        let settings = try options.settings(in: location)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        let environment = ProcessInfo.processInfo.environment
        LogSettings(
            level: try Logger.Level(named: settings[SettingKey.logLevel]),
            form: try LogForm(settings[SettingKey.logForm], isTerminal: LogForm.isTerminal(), environment: environment),
            app: .site,
            appID: ULID.make()
        ).bootstrap()
        try await Site(settings: settings, metrics: metrics, assets: assets, logger: Logger(label: "atoll"))
            .run(in: directory)
    }
}

/// What `serve` and `config show` have in common.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("Settings file; DIR/atoll.yaml when not given.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Least severe log lines: trace, debug, info, warning, error.", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("Form of log lines: auto, human, json.", valueName: "form"))
    var logForm: String?

    @Option(help: ArgumentHelp("The name that peers see.", valueName: "name"))
    var siteName: String?

    @Option(help: ArgumentHelp("Where partners connect, by custom port 9370.", valueName: "host:port"))
    var federationAddress: String?

    @Option(help: ArgumentHelp("Where peers reach this site, when not there.", valueName: "host:port,…"))
    var federationAdvertise: String?

    @Option(help: ArgumentHelp("Where people and programs connect, beside probes and metrics.", valueName: "host:port"))
    var managementAddress: String?

    @Option(help: ArgumentHelp("Where callers of models connect; health only so far.", valueName: "host:port"))
    var businessAddress: String?

    @Option(help: ArgumentHelp("Changes kept for watchers that come back.", valueName: "count"))
    var storeHistory: String?

    /// - Throws: the faults of `Settings`; `ProgramFaults.fileUnreadable` for a file that was named and cannot be read.
    func settings(in location: DataLocation) throws -> Settings {
        var flags: [String: String] = [:]
        for (key, value) in [
            (SettingKey.logLevel, logLevel), (.logForm, logForm), (.storeHistory, storeHistory),
            (.siteName, siteName), (.advertise, federationAdvertise),
            (.address(.federation), federationAddress), (.address(.management), managementAddress),
            (.address(.business), businessAddress),
        ] {
            if let value { flags[key.name] = value }
        }
        let named = config ?? Platform.environment("ATOLL_CONFIG")
        let path = named ?? "\(location.directory)/atoll.yaml"
        let isThere = access(path, F_OK) == 0
        let bytes = named != nil || isThere ? try FileInput.read(path, limit: YAMLReader.maximumBytes) : nil
        let file = bytes.map { (bytes: $0, path: path) }
        return try Settings(flags: flags, environment: ProcessInfo.processInfo.environment, file: file)
    }
}
