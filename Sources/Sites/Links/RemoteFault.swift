import Faults

/// Faults cross between sites as number and sentence; a number that this program does not know keeps its sentence.
enum RemoteFault {
    static func fault(number: UInt32, text: String, at place: String) -> Fault {
        let sentence = readable(text)
        guard let small = UInt16(exactly: number), let entry = FaultCatalogue.entry(FaultNumber(rawValue: small)) else {
            return Fault(LinkFaults.remote, "The peer refused with number \(number): \(sentence)", at: place)
        }
        return Fault(entry, sentence.isEmpty ? nil : sentence, at: place)
    }

    /// What is told to the other side of an error: number and sentence of a fault, and of others only that they were.
    static func told(_ error: any Error) -> (number: UInt32, text: String) {
        let fault = (error as? Fault) ?? Fault(LinkFaults.callFailed)
        return (UInt32(fault.number.rawValue), readable(fault.what))
    }

    /// One line of at most `LinkLimits.text` bytes without control characters.
    static func readable(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let shown: Unicode.Scalar =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: " "
                default: scalar
                }
            bytes += UTF8.width(shown)
            guard bytes <= LinkLimits.text else { break }
            kept.append(shown)
        }
        return String(kept)
    }
}
