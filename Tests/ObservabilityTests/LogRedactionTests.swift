import Logging
import Testing

@testable import Observability

@Suite struct LogRedactionTests {
    @Test(arguments: [
        "secret", "clientSecret", "client-secret", "secrets", "token", "access_token", "accessToken", "sessionTokens",
        "password", "db.password", "PASSWD", "passphrase", "credential", "Authorization", "set-cookie", "key",
        "private_key", "privateKey", "privatekey", "PrivateKey", "API_KEY", "paillier.keypair", "keys", "token_digest",
        "secret_id_value",
    ])
    func secretsAreRecognisedByTheirKey(key: String) {
        #expect(LogRedaction.applies(to: key))
    }

    @Test(arguments: [
        "secret_name", "token_id", "tokenCount", "public_key", "publicKey", "idempotency_key", "key_bits", "keyboard",
        "app", "user", "path", "", "--",
    ])
    func othersArePrinted(key: String) {
        #expect(!LogRedaction.applies(to: key))
    }

    @Test(arguments: [LogForm.json, .human(colour: false), .human(colour: true)])
    func noSecretReachesTheSink(form: LogForm) {
        let sink = MemorySink()
        let provider = Logger.MetadataProvider { ["password": "hunter2-provider"] }
        let logger = sink.logger(form, ["api_key": "hunter2-own"], provider: provider)
        logger.info(
            "signed in",
            metadata: [
                "token": ["hunter2-list", ["deep": "hunter2-nested"]],
                "request": ["headers": [["authorization": "hunter2-header", "host": "example"]]],
            ])
        #expect(!sink.last.contains("hunter2"))
        #expect(sink.last.contains("example"))
        #expect(sink.last.split(separator: LogRedaction.mark, omittingEmptySubsequences: false).count == 5)
    }
}
