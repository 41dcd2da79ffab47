import Faults

/// A CSV file that is being read into builders, batch by batch, by a schema. Not for use by several threads.
final class CSVTable {
    let scanner: CSVScanner
    let schema: TableSchema
    private let fileColumns: Int
    private var readers: [CSVColumnReader]
    private(set) var problems = CSVProblems()
    /// Rows of the right length.
    private(set) var rows = 0
    private let mostRows: Int

    /// What a file's columns must be read with, once their names are known.
    typealias Columns = (CSVHeader) throws -> TableSchema

    /// Reads the first record. Throws the faults of scanner, header and schema.
    init(_ input: any ByteInput, _ reading: CSVReading, block: Int = 256 << 10, schema columns: Columns) throws {
        scanner = try CSVScanner(input, reading, block: block)
        guard let (line, cells) = try scanner.peekRecord() else { throw Fault(TableFaults.csvEmpty) }
        let header = try CSVHeader(line: line, cells: cells, reading)
        if header.isInFile { try scanner.skipRecord() }
        let schema = try columns(header)
        let places = try header.places(of: schema, ignoresOthers: reading.ignoresOtherColumns)
        let missing = MissingTokens(reading.missing)
        self.schema = schema
        fileColumns = header.names.count
        mostRows = reading.mostRows
        readers = zip(schema.columns, places).map { column, place in
            CSVColumnReader(
                fileColumn: place, column: column, isID: schema.ids.contains(column.name), reading: reading,
                missing: missing)
        }
    }

    /// Appends the next rows, at most `most` of them, to the builders; how many, 0 at the end. Rows with problems are
    /// appended too, so that counting goes on: look at `problems` before anything is kept.
    func read(into builders: [ColumnBuilder], most: Int) throws -> Int {
        var problems = problems
        defer { self.problems = problems }
        let wanted = "\(fileColumns) cell\(fileColumns == 1 ? "" : "s")"
        var ragged: [(line: Int, fault: Fault)] = []
        let batch = try scanner.nextBatch(columns: fileColumns, most: most) { line, cells in
            if problems.hasRoom, ragged.count < CSVProblems.mostNamed {
                let line = line()
                ragged.append(
                    (
                        line,
                        Fault(TableFaults.rowLength, "A row has \(cells) cells.", at: "line \(line)", wanted: wanted)
                    ))
            } else {
                problems.add(unnamed: 1)
            }
        }
        guard let batch else {
            problems.add(ragged.map(\.fault))
            return 0
        }
        guard rows + batch.rows <= mostRows else {
            throw Fault(TableFaults.csvTooManyRows, wanted: "at most \(mostRows) rows")
        }
        for index in readers.indices { try readers[index].read(batch, into: builders[index]) }
        addProblems(of: batch, ragged, to: &problems)
        rows += batch.rows
        return batch.rows
    }

    /// In the order of the file: by line, then by column.
    private func addProblems(of batch: CSVBatch, _ ragged: [(line: Int, fault: Fault)], to problems: inout CSVProblems)
    {
        let found = readers.flatMap(\.found).sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        problems.add(unnamed: readers.reduce(0) { $0 + $1.unnamed })
        guard !found.isEmpty || !ragged.isEmpty else { return }
        let named = problems.hasRoom ? found.prefix(CSVProblems.mostNamed) : []
        problems.add(unnamed: found.count - named.count)
        let byColumn = Dictionary(uniqueKeysWithValues: readers.map { ($0.fileColumn, $0) })
        let cells = named.map { problem in
            let line = batch.line(of: problem.row)
            let reader = byColumn[problem.column]
            let place = "line \(line), column \(problem.column + 1) (\(reader?.column.name ?? ""))"
            return (line: line, fault: Fault(problem.entry, at: place, wanted: reader?.wanted))
        }
        problems.add(
            (ragged + cells).enumerated().sorted { ($0.1.line, $0.0) < ($1.1.line, $1.0) }.map(\.element.fault))
    }
}
