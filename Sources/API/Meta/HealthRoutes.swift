import Faults
import Hummingbird
import Observability

/// Liveness, readiness and metrics, outside `/api/v1` as probes and scrapers expect them.
struct HealthRoutes {
    let checks: [any HealthCheck]
    /// Nil where no metrics are served.
    let metrics: MetricsRegistry?

    func add(to router: RouterGroup<APIContext>) {
        router.get("healthz") { _, _ in Response.text("ok\n") }
        router.get("readyz") { [checks] _, _ in
            for check in checks {
                let finding = await check.run()
                if finding.status == .fail {
                    throw Fault(
                        ProgramFaults.notReady,
                        "Not ready: \(finding.found).",
                        at: finding.id,
                        wanted: finding.wanted,
                        fix: finding.fix
                    )
                }
            }
            return Response.text("ok\n")
        }
        guard let metrics else { return }
        router.get("metrics") { _, _ in
            Response.text(metrics.render(), type: MetricsRegistry.contentType)
        }
    }
}
