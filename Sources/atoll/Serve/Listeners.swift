import API
import Faults
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Sites

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The doors of a site, one listener per plane. Handlers of one plane do not exist on another:
/// each listener has a router of its own.
enum Listeners {
    /// The library tells its own listening at `info`, which we tell better.
    private static func quieter(_ logger: Logger) -> Logger {
        var quiet = logger
        if quiet.logLevel == .info { quiet.logLevel = .notice }
        return quiet
    }

    /// The local door: a Unix socket that only the owner can open; callers are known by peer credentials.
    static func local(_ api: API, socket path: String, logger: Logger) throws(Fault) -> any Service {
        // The lock of the data directory is held, so a socket that is here belongs to nobody any more.
        unlink(path)
        return Application(
            router: api.localRouter(),
            server: HTTPServerBuilder { responder in
                PacedChannel(
                    listener: "local", patience: localPatience,
                    base: HTTP1Channel(responder: responder, configuration: limits(patience: localPatience)))
            },
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: path), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(localConnections)),
            onServerRunning: { _ in
                chmod(path, 0o600)
                logger.info("serving", metadata: ["plane": "local", "address": "\(path)"])
            },
            logger: quieter(logger)
        )
    }

    /// How long the local socket waits for a request: longer than clients keep connections for later, so that it is they
    /// who close.
    static let localPatience: TimeAmount = .seconds(120)
    /// At the local socket; more wait until others are closed.
    static let localConnections = 1024

    /// What every listener of HTTP holds its connections to.
    ///
    /// - Parameter patience: a connection that sends no request for so long is closed; also one whose headers are not
    ///   whole by then, or that does not end its TLS handshake.
    private static func limits(patience: TimeAmount) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: patience,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
    }

    /// The HTTP planes: management serves the portal and the API for people and programs beside probes and metrics,
    /// business serves health. The federation plane is no HTTP plane: `GRPCListener` opens it with the same settings.
    static func http(
        _ api: API, _ plane: PlaneSettings, callers: any CallerSource, pages: (any Pages)?, logger: Logger
    ) -> any Service {
        let description = plane.description
        let address = plane.address
        let crowd = Crowd(most: plane.connections)
        let patience = TimeAmount.seconds(plane.patience)
        let limits = limits(patience: patience)
        let limiter = RateLimiter(perSecond: plane.rate)
        let listener = Application(
            router: description.plane == .management
                ? api.remoteRouter(callers, limiter: limiter, pages: pages) : api.healthRouter(limiter: limiter),
            server: HTTPServerBuilder { responder in
                PlaneChannel(
                    plane: description.plane, allow: description.allow, certificate: plane.certificate,
                    crowd: crowd,
                    base: PacedChannel(
                        listener: description.plane.rawValue, patience: patience,
                        larger: { pages?.largestBody(at: $0) },
                        base: HTTP1Channel(responder: responder, configuration: limits)))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: nil
            ),
            onServerRunning: { _ in
                logger.info("serving", metadata: ["plane": "\(description.plane)", "address": "\(address)"])
            },
            logger: quieter(logger)
        )
        return NumberedListener(listener: listener, address: address.description)
    }
}

/// Gives a listener that cannot open its address a numbered error.
private struct NumberedListener<Listener: Service>: Service {
    let listener: Listener
    let address: String

    func run() async throws {
        do {
            try await listener.run()
        } catch let error as IOError {
            throw Fault(
                ProgramFaults.listen,
                "The address cannot be opened: \(String(cString: strerror(error.errnoCode))).",
                at: address
            )
        }
    }
}
