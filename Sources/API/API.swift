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

    public init(
        service: ResourceService,
        secrets: SecretStore,
        metrics: MetricsRegistry,
        program: ProgramDescription,
        checks: [any HealthCheck]
    ) {
        self.service = service
        self.secrets = secrets
        self.metrics = metrics
        self.program = program
        self.checks = checks
    }

    /// The router for the local Unix socket, where callers are known by peer credentials.
    public func localRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ProblemMiddleware())
        HealthRoutes(checks: checks, metrics: metrics).add(to: router)
        let group = router.group("api/v1").add(middleware: CallerMiddleware())
        MetaRoutes(service: service, program: program, checks: checks).add(to: group)
        SecretRoutes(secrets: secrets).add(to: group)
        ApplyRoutes(service: service).add(to: group)
        ResourceRoutes(service: service).add(to: group)
        return router
    }
}
