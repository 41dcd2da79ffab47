/// Where content is kept: a folder of the data directory, or a bucket of an S3 server when an endpoint is named.
extension SettingKey {
    static let storageEndpoint = SettingKey(
        name: "storage.endpoint", form: .line(255), defaultValue: "", isSecret: false,
        summary: "The S3 server that keeps content, as https://HOST:PORT; the data directory does when empty."
    )
    static let storageBucket = SettingKey(
        name: "storage.bucket", form: .line(63), defaultValue: "", isSecret: false,
        summary: "The bucket on the S3 server."
    )
    static let storageRegion = SettingKey(
        name: "storage.region", form: .line(40), defaultValue: "us-east-1", isSecret: false,
        summary: "The region that requests to the S3 server are signed for."
    )
    static let storagePrefix = SettingKey(
        name: "storage.prefix", form: .line(200), defaultValue: "", isSecret: false,
        summary: "What every key in the bucket begins with, such as site-a/."
    )
    static let storageStyle = SettingKey(
        name: "storage.style", form: .choice(["path", "host"]), defaultValue: "path", isSecret: false,
        summary: "How the bucket is named: in the path (HOST/BUCKET) or in the host (BUCKET.HOST)."
    )
    static let storageCredentials = SettingKey(
        name: "storage.credentials", form: .line(63), defaultValue: "", isSecret: false,
        summary: "The name of the secret that holds ACCESSKEY:SECRETKEY for the S3 server (`atoll secret set`)."
    )
    static let storageSource = SettingKey(
        name: "storage.source", form: .line(80), defaultValue: "", isSecret: false,
        summary: "The storage plane: the address or interface from which the S3 server is dialled."
    )

    static let storage = [
        storageEndpoint, storageBucket, storageRegion, storagePrefix, storageStyle, storageCredentials, storageSource,
    ]
}
