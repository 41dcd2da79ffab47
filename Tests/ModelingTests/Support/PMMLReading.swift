import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What an XML parser finds in a scorecard's PMML.
final class PMMLReading: NSObject, XMLParserDelegate {
    struct Malformed: Error {}

    private(set) var fields: [String] = []
    private(set) var outputs: [String] = []
    private(set) var miningFields: [String] = []
    private(set) var characteristics: [String] = []
    private(set) var baselines: [String] = []
    private(set) var points: [String] = []
    private(set) var modelName: String?
    private(set) var initialScore: String?

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Malformed() }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch name {
        case "DataField": fields.append(attributes["name"] ?? "")
        case "OutputField": outputs.append(attributes["name"] ?? "")
        case "MiningField": miningFields.append(attributes["name"] ?? "")
        case "Characteristic":
            characteristics.append(attributes["name"] ?? "")
            baselines.append(attributes["baselineScore"] ?? "")
        case "Attribute": points.append(attributes["partialScore"] ?? "")
        case "Scorecard":
            modelName = attributes["modelName"]
            initialScore = attributes["initialScore"]
        default: break
        }
    }
}
