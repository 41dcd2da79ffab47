import Foundation

enum Environment {
    static func value(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

extension Environment {
    static var temporary: String { NSTemporaryDirectory() }
}
