/// 52xx: tables: schemas, column files, CSV in and out.
public enum TableFaults {
    static let all: [FaultEntry] = schemas + files + csv + cells

    // MARK: 5200-5209: schemas

    public static let schemaInvalid = FaultEntry(
        5200, "table-schema-invalid", status: 422, "A table's schema has a mistake.",
        fix: "Correct the place named; docs/tables.md lists the types and rules."
    )
    public static let columnName = FaultEntry(
        5201, "table-column-name", status: 422, "A column's name is not allowed.",
        fix: "Use 1 to 128 characters without control characters and without blanks at either end."
    )
    public static let columnRepeated = FaultEntry(
        5202, "table-column-repeated", status: 422, "Two columns have the same name.",
        fix: "Give every column a name of its own."
    )
    public static let noSuchColumn = FaultEntry(
        5203, "table-no-such-column", status: 404, "The table has no column of this name.",
        fix: "Look at the schema for the names; upper and lower case differ."
    )

    // MARK: 5210-5229: column files

    public static let notColumnFile = FaultEntry(
        5210, "table-not-column-file", status: 422, "The file is no column file of Atoll.",
        fix: "Import the data again; a file that was cut short or never finished cannot be read."
    )
    public static let fileVersion = FaultEntry(
        5211, "table-file-version", status: 422, "The column file is of a version that this Atoll does not read.",
        fix: "Read it with the release that wrote it or a newer one, or import the data again."
    )
    public static let fileDamaged = FaultEntry(
        5212, "table-file-damaged", status: 500, "A part of a column file is damaged.",
        fix: "Restore the file from a copy, or import the data again; check the disk."
    )
    public static let fileUnreadable = FaultEntry(
        5213, "table-file-unreadable", status: 500, "A file of a table could not be read.",
        fix: "Check that the file is there and that the program may read it."
    )
    public static let fileUnwritable = FaultEntry(
        5214, "table-file-unwritable", status: 507, "A file of a table could not be written.",
        fix: "Check that the folder is there, that the program may write into it, and that the disk has room."
    )
    public static let tooManyCategories = FaultEntry(
        5215, "table-too-many-categories", status: 422, "A category column has too many different values.",
        fix: "Declare the column as text, or group its values before the import."
    )
    public static let valueForeign = FaultEntry(
        5216, "table-value-foreign", status: 422, "A value does not fit its column.",
        fix: "Append values of the column's type and range, one for every column."
    )

    // MARK: 5230-5249: CSV as a whole

    public static let csvEmpty = FaultEntry(
        5230, "csv-empty", status: 422, "The CSV file has no content.",
        fix: "Send a file with a line of column names and rows below it."
    )
    public static let csvBinary = FaultEntry(
        5231, "csv-binary", status: 422, "The file is not text: it holds bytes that no CSV has.",
        fix: "Export the data as CSV in UTF-8; spreadsheets and archives are not read."
    )
    public static let csvEncoding = FaultEntry(
        5232, "csv-encoding", status: 422, "The CSV file is not encoded in UTF-8.",
        fix: "Convert it, for instance with `iconv -f GB18030 -t UTF-8`."
    )
    public static let csvLineTooLong = FaultEntry(
        5233, "csv-line-too-long", status: 422, "A record of the CSV file is longer than the limit.",
        fix: "Check the line ends and quotes around the line named; raise the limit if the record is right."
    )
    public static let csvQuote = FaultEntry(
        5234, "csv-quote", status: 422, "A quote of the CSV file stands where none may.",
        fix: "Put the whole cell into quotes and double the quotes inside it."
    )
    public static let csvHeader = FaultEntry(
        5235, "csv-header", status: 422, "The CSV file's columns are not those that were declared.",
        fix: "Compare the file's first line with the schema."
    )
    public static let csvTooWide = FaultEntry(
        5236, "csv-too-wide", status: 422, "The CSV file has too many columns.",
        fix: "Check the delimiter; leave out columns that are not needed."
    )
    public static let csvTooManyRows = FaultEntry(
        5237, "csv-too-many-rows", status: 413, "The CSV file has more rows than the limit.",
        fix: "Split the file, or raise the limit."
    )
    public static let csvCells = FaultEntry(
        5238, "csv-cells", status: 422, "Cells of the CSV file do not fit the schema.",
        fix: "Correct the places named, declare other types, or declare what stands for a missing value."
    )
    public static let csvFormat = FaultEntry(
        5239, "csv-format", status: 422, "The settings for reading or writing CSV contradict each other.",
        fix: "Correct the setting named; docs/tables.md lists them."
    )
    public static let gzipDamaged = FaultEntry(
        5240, "gzip-damaged", status: 422, "The gzip file is damaged or incomplete.",
        fix: "Compress the file again and compare its digest at both ends."
    )
    public static let duplicateIDs = FaultEntry(
        5241, "table-duplicate-ids", status: 422, "Several rows have the same id.",
        fix: "Remove the repeated rows, or say which one counts: the first or the last."
    )

    // MARK: 5250-5259: one row or cell of a CSV file, always a part of 5238

    public static let rowLength = FaultEntry(
        5250, "csv-row-length", status: 422, "A row has more or fewer cells than there are columns.",
        fix: "Check delimiters and quotes on this line."
    )
    public static let cellType = FaultEntry(
        5251, "csv-cell-type", status: 422, "A cell is not of its column's type.",
        fix: "Correct the cell, declare another type, or declare its text as missing."
    )
    public static let cellRange = FaultEntry(
        5252, "csv-cell-range", status: 422, "A cell's value is outside of its column's range.",
        fix: "Correct the cell or declare a wider type."
    )
    public static let cellEncoding = FaultEntry(
        5253, "csv-cell-encoding", status: 422, "A cell is not valid UTF-8.",
        fix: "Convert the file to UTF-8, for instance with `iconv -f GB18030 -t UTF-8`."
    )
    public static let idMissing = FaultEntry(
        5254, "csv-id-missing", status: 422, "A row has no id.",
        fix: "Give every row an id in every id column."
    )

    private static let schemas = [schemaInvalid, columnName, columnRepeated, noSuchColumn]
    private static let files = [
        notColumnFile, fileVersion, fileDamaged, fileUnreadable, fileUnwritable, tooManyCategories, valueForeign,
    ]
    private static let csv = [
        csvEmpty, csvBinary, csvEncoding, csvLineTooLong, csvQuote, csvHeader, csvTooWide, csvTooManyRows, csvCells,
        csvFormat, gzipDamaged, duplicateIDs,
    ]
    private static let cells = [rowLength, cellType, cellRange, cellEncoding, idMissing]
}
