import Foundation

/// Threads with small stacks that do the same, each with its number; returns when all have ended.
public enum Crew {
    public static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            let thread = Thread {
                body(number)
                group.leave()
            }
            thread.stackSize = 256 << 10
            thread.start()
        }
        group.wait()
    }
}
