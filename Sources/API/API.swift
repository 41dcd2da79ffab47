public import Hummingbird
public import Observability
public import Resources
public import Secrets

/// The HTTP door: `/api/v1` over the services of every noun, beside probes and metrics.
///
/// One router serves the command line today and, later, people over TLS on the management plane: the same paths, the
/// same checks, another way of knowing the caller.
public struct API: Sendable {
    public let service: ResourceService
    public let secrets: SecretStore
    public let metrics: MetricsRegistry
    public let program: ProgramDescription
    /// Asked in this order by `/readyz` and `/api/v1/doctor`.
    public let checks: [any HealthCheck]
    /// Of the nouns that can do more than what every resource can.
    public let routes: [any APIRoutes]

    public init(
        service: ResourceService,
        secrets: SecretStore,
        metrics: MetricsRegistry,
        program: ProgramDescription,
        checks: [any HealthCheck],
        routes: [any APIRoutes] = []
    ) {
        self.service = service
        self.secrets = secrets
        self.metrics = metrics
        self.program = program
        self.checks = checks
        self.routes = routes
    }

    /// The router for the local Unix socket, where callers are known by peer credentials.
    public func localRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ProblemMiddleware())
        HealthRoutes(checks: checks, metrics: metrics).add(to: router)
        let group = router.group("api/v1").add(middleware: CallerMiddleware())
        MetaRoutes(service: service, program: program, checks: checks, routes: routes).add(to: group)
        SecretRoutes(secrets: secrets).add(to: group)
        ApplyRoutes(service: service).add(to: group)
        for part in routes { part.add(to: group) }
        ResourceRoutes(service: service).add(to: group)
        return router
    }

    /// The router for the management plane as long as it has no people: probes and metrics, nothing of `/api/v1`.
    public func probeRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ProblemMiddleware())
        HealthRoutes(checks: checks, metrics: metrics).add(to: router)
        return router
    }

    /// The router for the business plane as long as it serves no models: health alone, no metrics.
    public func healthRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ProblemMiddleware())
        HealthRoutes(checks: checks, metrics: nil).add(to: router)
        return router
    }
}
