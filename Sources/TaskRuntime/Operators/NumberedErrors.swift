import Faults

/// What reading and writing tables throws has its number already.
func numbered<Value>(_ body: () throws -> Value) throws(Fault) -> Value {
    do {
        return try body()
    } catch {
        throw (error as? Fault) ?? Fault(TableFaults.fileUnreadable)
    }
}
