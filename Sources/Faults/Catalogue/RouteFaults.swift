/// 313x-316x: routes, probes, planes and their listeners.
public enum RouteFaults {
    static let all: [FaultEntry] = []
}
