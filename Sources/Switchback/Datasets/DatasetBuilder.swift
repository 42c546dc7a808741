internal import Foundation
internal import Imaging
internal import Tensors

/// Puts a set together, image by image: what cannot be used is noted with its reason.
struct DatasetBuilder: Sendable {
    private let limits: DatasetLimits
    private let images: EngineLimits
    private var usable: [DatasetImage] = []
    private var broken: [BrokenImage] = []
    private var byteCount = 0

    init(limits: DatasetLimits, images: EngineLimits) {
        self.limits = limits
        self.images = images
    }

    /// The endings of files that are taken as images where no table names them.
    private static let endings = [".jpg", ".jpeg", ".png", ".webp", ".npy"]

    static func looksLikeAnImage(_ name: String) -> Bool {
        let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
        return !isHidden && endings.contains { name.lowercased().hasSuffix($0) }
    }

    /// The first folder of a path; nil for a file that lies in none.
    static func folderLabel(of name: String) -> String? {
        let parts = name.split(separator: "/")
        return parts.count > 1 ? String(parts[0]) : nil
    }

    /// Adds the image whose bytes `read` gives; what that throws, and bytes that are no image, make it a broken one.
    ///
    /// - Throws: `SwitchbackError.badDataset` where the set gets over a limit.
    mutating func add(name: String, label: String?, read: () throws -> [UInt8]) throws(SwitchbackError) {
        guard usable.count + broken.count < limits.maximumImages else {
            throw .badDataset(.tooLarge, reason: "the data set has more than \(limits.maximumImages) images")
        }
        for text in [name, label ?? ""] where text.utf8.count > limits.maximumNameBytes {
            throw .badDataset(
                .malformed,
                reason: """
                    image '\(Spelling.shortened(name))': a path or label of \(text.utf8.count) bytes; at most \
                    \(limits.maximumNameBytes) are allowed
                    """)
        }
        let bytes: [UInt8]
        do {
            bytes = try read()
        } catch {
            return broken.append(BrokenImage(name: name, reason: "\(error)"))
        }
        byteCount += bytes.count
        guard byteCount <= limits.maximumBytes else {
            throw .badDataset(
                .tooLarge, reason: "the images of the data set have more than \(limits.maximumBytes) bytes")
        }
        do {
            let image = try StoredImage(ImageInput(recognizing: bytes), limits: images)
            usable.append(DatasetImage(name: name, sha256: image.sha256, label: label))
        } catch {
            let reason = SwitchbackError.translating(error)
            broken.append(BrokenImage(name: name, reason: "\(reason)"))
        }
    }

    func dataset(named name: String) -> Dataset { Dataset(name: name, images: usable, broken: broken) }
}
