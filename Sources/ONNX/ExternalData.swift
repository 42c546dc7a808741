import Foundation
import ONNXSchema

/// Weights kept in files beside the model.
///
/// Only regular files inside the model's folder are read.
struct ExternalData {
    let folder: String?

    /// The `count` bytes of the tensor's data.
    func bytes(of tensor: Onnx_TensorProto, count: Int) throws(ONNXError) -> [UInt8] {
        let place = try Place(tensor)
        if let length = place.length, length != count {
            throw .externalData(
                tensor: tensor.name, location: place.location,
                reason: "length is \(length), its dimensions need \(count)")
        }
        let path = try path(of: place, tensor: tensor.name)
        let size = (try? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
        guard place.offset <= size, count <= size - place.offset else {
            throw .externalData(
                tensor: tensor.name, location: place.location,
                reason: "\(count) bytes from offset \(place.offset) are needed, the file has \(size)")
        }
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seek(toOffset: UInt64(place.offset))
            let data = try file.read(upToCount: count) ?? Data()
            if data.count == count { return [UInt8](data) }
        } catch {
            // The reason is of the file system's making and says no more than what is thrown below.
        }
        throw .externalData(tensor: tensor.name, location: place.location, reason: "cannot be read")
    }

    /// The path of the file the tensor's data are in, links followed: inside the folder, or it is refused.
    func path(of tensor: Onnx_TensorProto) throws(ONNXError) -> String {
        try path(of: Place(tensor), tensor: tensor.name)
    }

    private func path(of place: Place, tensor: String) throws(ONNXError) -> String {
        let location = place.location
        guard let folder else {
            throw .externalData(tensor: tensor, location: location, reason: "the file was given without its folder")
        }
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !location.contains("\0"), !location.hasPrefix("/"), !parts.contains("..") else {
            throw .externalData(tensor: tensor, location: location, reason: "only files in the model's folder are read")
        }
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let file = URL(fileURLWithPath: root).appendingPathComponent(location).resolvingSymlinksInPath()
        guard file.path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            throw .externalData(tensor: tensor, location: location, reason: "only files in the model's folder are read")
        }
        let values = try? file.resourceValues(forKeys: [.isRegularFileKey])
        guard values?.isRegularFile == true else {
            throw .externalData(tensor: tensor, location: location, reason: "no such file in the model's folder")
        }
        return file.path
    }

    /// The entries `location`, `offset` and `length` of a tensor; others (`checksum`, `basepath`) are not used.
    private struct Place {
        var location = ""
        var offset = 0
        var length: Int?

        init(_ tensor: Onnx_TensorProto) throws(ONNXError) {
            for entry in tensor.externalData {
                switch entry.key {
                case "location": location = entry.value
                case "offset": offset = try Self.number(entry.value, "offset", tensor)
                case "length": length = try Self.number(entry.value, "length", tensor)
                default: break
                }
            }
        }

        private static func number(
            _ text: String, _ what: String, _ tensor: Onnx_TensorProto
        ) throws(ONNXError) -> Int {
            guard let number = Int(text), number >= 0, number <= 1 << 62 else {
                throw .externalData(tensor: tensor.name, location: "", reason: "\(what) is not a number of bytes")
            }
            return number
        }
    }
}
