import Faults
import Sites
import Testing

@testable import atoll

@Suite struct SettingsTests {
    private func settings(
        flags: [String: String] = [:],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> Settings {
        try Settings(
            flags: flags,
            environment: environment,
            file: file.map { (bytes: Array($0.utf8), path: "atoll.yaml") }
        )
    }

    @Test func flagsWinOverEnvironmentOverFileOverDefaults() throws {
        let file = "log:\n  level: error\n  form: json\nstore: {history: 200}\n"
        let all = try settings(
            flags: ["log.level": "debug"],
            environment: ["ATOLL_LOG_LEVEL": "warning", "ATOLL_LOG_FORM": "human"],
            file: file
        )
        let sources = Dictionary(uniqueKeysWithValues: all.shown.map { ($0.name, $0.source) })
        #expect(all[SettingKey.logLevel] == "debug")
        #expect(all[SettingKey.logForm] == "human")
        #expect(all[SettingKey.storeHistory] == "200")
        #expect(all[SettingKey.address(.management)] == "")
        #expect(sources["log.level"] == .flag)
        #expect(sources["log.form"] == .environment)
        #expect(sources["store.history"] == .file)
        #expect(sources["management.address"] == .builtIn)
    }

    @Test func badValuesNameTheirPlace() throws {
        let cases: [([String: String], [String: String], String?, String)] = [
            (["log.level": "loud"], [:], nil, "--log-level"),
            ([:], ["ATOLL_STORE_HISTORY": "many"], nil, "ATOLL_STORE_HISTORY"),
            ([:], [:], "management: {address: nowhere}", "management.address in atoll.yaml"),
            ([:], ["ATOLL_SECRETS_KEY": "abc"], nil, "ATOLL_SECRETS_KEY"),
            ([:], ["ATOLL_JOBS_OPERATORS": "verify, No Name"], nil, "ATOLL_JOBS_OPERATORS"),
            ([:], [:], "jobs: {cores: 0}", "jobs.cores in atoll.yaml"),
            ([:], [:], "log: {level: [a, b]}", "log.level (line 1 of atoll.yaml)"),
        ]
        for (flags, environment, file, place) in cases {
            let fault = #expect(throws: Fault(ProgramFaults.invalidSetting)) {
                try settings(flags: flags, environment: environment, file: file)
            }
            #expect(fault?.place == place)
        }
    }

    @Test func unknownSettingsGetTheNearestName() throws {
        let fault = #expect(throws: Fault(ProgramFaults.unknownSetting)) {
            try settings(file: "log:\n  levle: info\n")
        }
        #expect(fault?.place == "log.levle (line 2 of atoll.yaml)")
        #expect(fault?.wanted == "did you mean 'log.level'?")
    }

    @Test func secretsAreShownRedacted() throws {
        let key = String(repeating: "0f", count: 32)
        let all = try settings(environment: ["ATOLL_SECRETS_KEY": key])
        #expect(all[SettingKey.secretsKey] == key)
        #expect(all.shown.first { $0.name == "secrets.key" }?.value == "[redacted]")
        #expect(!all.shown.contains { $0.value.contains("0f0f") })
    }

    @Test func everyPlaneHasSettingsOfItsOwn() throws {
        let all = try settings(
            file: "federation: {address: 'eth1:9370'}\nbusiness: {allow: '10.0.0.0/8,fd00::/8', tls: site}\n")
        #expect(all[SettingKey.address(.federation)] == "eth1:9370")
        #expect(all[SettingKey.allow(.federation)] == "everyone")
        #expect(all[SettingKey.allow(.management)] == "loopback")
        #expect(all[SettingKey.allow(.business)] == "10.0.0.0/8,fd00::/8")
        #expect(all[SettingKey.tls(.business)] == "site")
        #expect(throws: Fault(ProgramFaults.invalidSetting)) { try settings(flags: ["management.allow": "10.1.2.3/8"]) }
        #expect(throws: Fault(ProgramFaults.unknownSetting)) {
            try settings(file: "federation: {certificate: /x}")
        }
    }
}
