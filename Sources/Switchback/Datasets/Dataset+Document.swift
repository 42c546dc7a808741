internal import Foundation

/// A set as it is kept: JSON with a version.
private struct DatasetDocument: Codable {
    static let currentVersion = 1

    let version: Int
    let name: String
    let images: [DatasetImage]
    let broken: [BrokenImage]
}

extension Dataset {
    /// The set as bytes, for ``init(document:)``.
    func document() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](
            try encoder.encode(
                DatasetDocument(
                    version: DatasetDocument.currentVersion, name: name, images: images, broken: broken)))
    }

    /// Reads what ``document()`` wrote.
    ///
    /// Throws `SwitchbackError.brokenStore` for anything else.
    init(document bytes: [UInt8]) throws {
        guard let document = try? JSONDecoder().decode(DatasetDocument.self, from: Data(bytes)),
            document.version == DatasetDocument.currentVersion
        else { throw SwitchbackError.brokenStore(reason: "the list of a data set cannot be read") }
        self.init(name: document.name, images: document.images, broken: document.broken)
    }
}
