import Jobs
import Ledger

/// The policy for jobs that a site's settings say.
enum SitePolicy {
    /// - Parameter names: the name of a peer here.
    static func from(_ settings: Settings, names: @escaping @Sendable (SiteID) -> String?) -> ConfiguredPolicy {
        var policy = ConfiguredPolicy()
        let operators = SettingKey.Form.list(settings[SettingKey.jobOperators])
        if !operators.isEmpty { policy.operators = Set(operators) }
        let proposers = Set(SettingKey.Form.list(settings[SettingKey.jobProposers]))
        if !proposers.isEmpty { policy.mayPropose = { site in names(site).map(proposers.contains) ?? false } }
        policy.most = JobLimits(
            memory: (UInt64(settings[SettingKey.jobMemory]) ?? 0) << 20, cores: Int(settings[SettingKey.jobCores]) ?? 0,
            seconds: Int64(settings[SettingKey.jobSeconds]) ?? 0)
        return policy
    }
}
