import Blobs
import Foundation

/// The files of one model's folder, each with a limit on what is read of it.
struct ModelFolder {
    let path: String

    /// The folder's own name.
    var name: String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }

    func path(of file: String) -> String {
        URL(fileURLWithPath: path).appendingPathComponent(file).path
    }

    func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: path(of: file))
    }

    /// The bytes of a file, which must not be longer than `limit`.
    func bytes(of file: String, atMost limit: Int) throws(ModelsError) -> [UInt8] {
        let path = path(of: file)
        let url = URL(fileURLWithPath: path)
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey]
        guard let values = try? url.resolvingSymlinksInPath().resourceValues(forKeys: keys),
            values.isRegularFile == true
        else {
            throw .unreadable(path: path, reason: "no such file")
        }
        guard let size = values.fileSize, size <= limit else {
            throw .fileTooLarge(path: path, bytes: values.fileSize ?? 0, allowed: limit)
        }
        guard let data = try? Data(contentsOf: url) else {
            throw .unreadable(path: path, reason: "cannot be read")
        }
        return [UInt8](data)
    }

    /// The bytes of `model.json`, `nil` where there is none.
    func descriptionBytes() throws(ModelsError) -> [UInt8]? {
        guard has(Model.descriptionFile) else { return nil }
        return try bytes(of: Model.descriptionFile, atMost: 1 << 20)
    }

    /// The lines of a file of labels, one a class.
    func labels(in file: String, classes: Int) throws(ModelsError) -> [String] {
        guard let text = String(validating: try bytes(of: file, atMost: 1 << 24), as: UTF8.self) else {
            throw .unreadable(path: path(of: file), reason: "not UTF-8")
        }
        // A byte order mark and CRLF are what editors on Windows add.
        let content = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        var lines = content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        if lines.last == "" { lines.removeLast() }
        guard lines.count == classes else {
            throw .labelCount(path: path(of: file), labels: lines.count, classes: classes)
        }
        if let empty = lines.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
            throw .unreadable(path: path(of: file), reason: "line \(empty + 1) is empty; expected a label a line")
        }
        return lines
    }

    /// The digest of a file of any length, read piece by piece.
    func digest(ofFileAt path: String) throws(ModelsError) -> Digest {
        var hasher = DigestHasher()
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
                hasher.update([UInt8](piece))
            }
        } catch {
            throw .unreadable(path: path, reason: "cannot be read")
        }
        return hasher.finish()
    }
}
