import AsyncHTTPClient
import Faults
import Logging
import NIOCore
import Objects
import Secrets
import Sites

/// The object store that the settings ask for.
struct SiteStorage {
    let store: any ObjectStore
    private let http: HTTPClient?

    /// - Parameter folder: for content that is kept here.
    /// - Throws: `ObjectFaults.settings`, `.denied`, `.full`; `RouteFaults.interfaceMissing`.
    init(_ settings: Settings, folder: String, secrets: SecretStore, logger: Logger) throws {
        guard !settings[SettingKey.storageEndpoint].isEmpty else {
            store = try LocalObjectStore(folder: folder)
            http = nil
            return
        }
        let secret = settings[SettingKey.storageCredentials]
        guard !secret.isEmpty else {
            throw Fault(
                ObjectFaults.settings, "The S3 server has no credentials.", at: SettingKey.storageCredentials.name,
                wanted: "the name of a secret that holds ACCESSKEY:SECRETKEY")
        }
        let source = settings[SettingKey.storageSource]
        let address =
            source.isEmpty
            ? nil
            : try NetworkInterfaces.current().address(of: source, at: SettingKey.storageSource.name).description
        let chosen = try S3Settings(
            endpoint: settings[SettingKey.storageEndpoint], bucket: settings[SettingKey.storageBucket],
            region: settings[SettingKey.storageRegion], prefix: settings[SettingKey.storagePrefix],
            usesPathStyle: settings[SettingKey.storageStyle] == "path", sourceAddress: address)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.httpVersion = .http1Only
        // The store itself asks again.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.http = http
        store = S3ObjectStore(chosen, http: http, logger: logger) {
            let value = String(decoding: try await secrets.value(secret), as: UTF8.self)
            let parts = value.split(separator: ":", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2 else {
                throw Fault(
                    ObjectFaults.settings, "The secret '\(secret)' does not hold credentials.",
                    at: SettingKey.storageCredentials.name, wanted: "ACCESSKEY:SECRETKEY")
            }
            return S3Credentials(accessKey: parts[0], secretKey: parts[1])
        }
    }

    /// Ends the connections; once nothing uses the store any more.
    func close() async {
        try? await http?.shutdown()
    }
}
