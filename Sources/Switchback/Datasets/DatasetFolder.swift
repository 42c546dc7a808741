internal import Foundation
internal import Imaging

/// Reads a folder of images as a data set.
///
/// The labels come from a table (``LabelTable``), and the images are then those that it names; without one the images are
/// all files that look like it by their ending, and their labels the first folder of their path. Each image is decoded
/// once, so that what is broken is known before the set is used.
///
/// Links are followed, wherever they lead: folders of links to images elsewhere are usual, and who may put a link there
/// may put the image there. Only a table can come from somebody else, and its paths cannot leave the folder.
public struct DatasetFolder: Sendable {
    private let path: String
    private let table: String?
    private let limits: DatasetLimits
    private let builder: DatasetBuilder

    /// The folder at `path`.
    ///
    /// - Parameters:
    ///   - table: the CSV file with the labels; `labels.csv` in the folder unless told, where there is one.
    ///   - images: the bounds of one image.
    public init(
        path: String, table: String? = nil, limits: DatasetLimits = DatasetLimits(), images: EngineLimits
    ) {
        self.path = path
        self.table = table
        self.limits = limits
        builder = DatasetBuilder(limits: limits, images: images)
    }

    /// The set in the folder, called `name`: the folder's own name unless told.
    ///
    /// - Parameter progress: told how many of how many images have been read.
    /// - Throws: `SwitchbackError.badDataset` where the folder or the table cannot be read, or is over a limit.
    public func open(
        name: String? = nil, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> OpenDataset {
        guard Self.isFolder(path) else {
            throw SwitchbackError.badDataset(.malformed, reason: "there is no folder '\(path)'")
        }
        let names = try wanted()
        var builder = builder
        for (index, (name, label)) in names.enumerated() {
            try builder.add(name: name, label: label) { try Self.read(name, in: path) }
            progress(index + 1, names.count)
        }
        let called = name ?? URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return OpenDataset(builder.dataset(named: called)) { [path] image in
            do {
                return try Self.read(image.name, in: path)
            } catch {
                throw SwitchbackError.brokenDataset(
                    reason: "image '\(image.name)' of data set '\(called)' cannot be read any more: \(error)")
            }
        }
    }

    /// Whether there is a folder at that path.
    static func isFolder(_ path: String) -> Bool {
        let values = try? URL(fileURLWithPath: path).resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]
        )
        return values?.isDirectory == true
    }

    /// The images, with their labels.
    private func wanted() throws -> [(name: String, label: String?)] {
        let own = path + "/" + LabelTable.fileName
        if let file = table ?? (FileManager.default.fileExists(atPath: own) ? own : nil) {
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw SwitchbackError.badDataset(.malformed, reason: "the table of labels '\(file)' cannot be read")
            }
            return try LabelTable([UInt8](bytes), at: file, limits: limits).labels
        }
        guard let found = FileManager.default.enumerator(atPath: path) else {
            throw SwitchbackError.badDataset(.malformed, reason: "the folder '\(path)' cannot be listed")
        }
        return found.compactMap { $0 as? String }.filter(DatasetBuilder.looksLikeAnImage).sorted()
            .map { (name: $0, label: DatasetBuilder.folderLabel(of: $0)) }
    }

    private static func read(_ name: String, in folder: String) throws(UnreadableFile) -> [UInt8] {
        let place = folder + "/" + name
        guard FileManager.default.fileExists(atPath: place) else {
            throw UnreadableFile(reason: "there is no such file")
        }
        // A pipe or a device would be read for ever.
        let values = try? URL(fileURLWithPath: place).resolvingSymlinksInPath()
            .resourceValues(forKeys: [.isRegularFileKey])
        guard values?.isRegularFile == true else { throw UnreadableFile(reason: "it is no file") }
        guard let data = FileManager.default.contents(atPath: place) else {
            throw UnreadableFile(reason: "the file cannot be read")
        }
        return [UInt8](data)
    }
}

/// Why the file of an image gives no bytes.
struct UnreadableFile: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}
