/// 306x-309x: the gateway, its channels and the workers' socket.
public enum GatewayFaults {
    static let all: [FaultEntry] = []
}
