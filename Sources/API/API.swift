public import Hummingbird
public import Observability
public import People
public import Resources
public import Secrets

/// The HTTP door: `/api/v1` over the services of every noun, beside probes and metrics.
///
/// One router serves the command line at the local socket, and people over TLS on the management plane: the same paths,
/// the same checks, another way of knowing the caller.
public struct API: Sendable {
    public let service: ResourceService
    public let secrets: SecretStore
    public let metrics: MetricsRegistry
    public let program: ProgramDescription
    /// Asked in this order by `/readyz` and `/api/v1/doctor`.
    public let checks: [any HealthCheck]
    /// Where every change, login, refusal and reading of rows is written; nil for none.
    public let audit: AuditLog?
    /// Where requests that are sent under keys are kept; nil refuses keys.
    public let keys: RequestKeys?
    /// How often the caller of a stream has to prove itself again.
    public let streamPace: Duration
    /// Of the nouns that can do more than what every resource can.
    public let routes: [any APIRoutes]

    public init(
        service: ResourceService,
        secrets: SecretStore,
        metrics: MetricsRegistry,
        program: ProgramDescription,
        checks: [any HealthCheck],
        routes: [any APIRoutes] = [],
        audit: AuditLog? = nil,
        keys: RequestKeys? = nil,
        streamPace: Duration = .seconds(10)
    ) {
        self.service = service
        self.secrets = secrets
        self.metrics = metrics
        self.program = program
        self.checks = checks
        self.routes = routes
        self.audit = audit
        self.keys = keys
        self.streamPace = streamPace
    }

    /// The router for the local Unix socket, where callers are known by peer credentials and are the platform's operator.
    public func localRouter() -> Router<APIContext> {
        let router = probeRouter()
        serve(router.group("api/v1").add(middleware: CallerMiddleware()))
        return router
    }

    /// The router for the management plane: the same for callers that no socket makes known, people and programs, by what
    /// their requests carry.
    ///
    /// - Parameters:
    ///   - limiter: how many requests are taken of one caller; nil for no limit.
    ///   - pages: what people see in a browser, at every path that is not the API's; nil for nothing.
    public func remoteRouter(
        _ callers: any CallerSource, limiter: RateLimiter? = nil, pages: (any Pages)? = nil
    ) -> Router<APIContext> {
        let router = probeRouter(limiter)
        func known(_ group: RouterGroup<APIContext>) -> RouterGroup<APIContext> {
            let group = group.add(middleware: SignInMiddleware(callers: callers))
            return limiter.map { group.add(middleware: RateMiddleware(limiter: $0)) } ?? group
        }
        serve(known(router.group("api/v1")))
        if let pages {
            let inner = Router(context: APIContext.self)
            inner.add(middleware: ProblemMiddleware())
            serve(inner.group("api/v1"))
            pages.add(to: known(router.group()), api: InnerAPI(responder: inner.buildResponder()))
        }
        return router
    }

    /// Everything of `/api/v1`, behind one door.
    private func serve(_ group: RouterGroup<APIContext>) {
        let door = Door(group, resources: service, audit: audit, keys: keys, streamPace: streamPace)
        let description = DescriptionShelf()
        MetaRoutes(service: service, program: program, checks: checks, description: description).add(to: door)
        SecretRoutes(secrets: secrets).add(to: door)
        ApplyRoutes(service: service).add(to: door)
        for part in routes { part.add(to: door) }
        ResourceRoutes(service: service).add(to: door)
        description.fill(
            OpenAPI(registry: service.registry, program: program, routes: routes).document(of: door.entries))
    }

    /// Probes and metrics, nothing of `/api/v1`.
    private func probeRouter(_ limiter: RateLimiter? = nil) -> Router<APIContext> {
        router(HealthRoutes(checks: checks, metrics: metrics), limiter)
    }

    /// The router for the business plane as long as it serves no models: health alone, no metrics.
    public func healthRouter(limiter: RateLimiter? = nil) -> Router<APIContext> {
        router(HealthRoutes(checks: checks, metrics: nil), limiter)
    }

    private func router(_ health: HealthRoutes, _ limiter: RateLimiter?) -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ProblemMiddleware())
        let probes = router.group()
        health.add(to: limiter.map { probes.add(middleware: RateMiddleware(limiter: $0)) } ?? probes)
        return router
    }
}
