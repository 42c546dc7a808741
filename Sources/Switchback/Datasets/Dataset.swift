internal import Blobs

/// A set of labelled images: which they are, not their bytes.
public struct Dataset: Equatable, Sendable {
    /// The name by which requests ask for it.
    public let name: String
    /// Its images, in the order of their names' bytes.
    public let images: [DatasetImage]
    /// What belongs to the set and cannot be used, in the order of the names' bytes.
    public let broken: [BrokenImage]
    /// The SHA-256 digest of ``manifest``: sets of the same images with the same labels and names have the same one,
    /// whatever they are called and wherever they came from.
    public let digest: String

    /// A set of these images, whatever their order.
    public init(name: String, images: [DatasetImage], broken: [BrokenImage] = []) {
        self.name = name
        self.images = images.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.broken = broken.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        digest = Digest.sha256(of: Self.manifest(of: self.images)).hex
    }

    /// The set in its canonical form: the line `switchback data set 1`, then a line an image with its digest, its label and
    /// its name, each of the last two after its length in bytes and a colon; `-` where there is no label.
    public var manifest: [UInt8] { Self.manifest(of: images) }

    private static func manifest(of images: [DatasetImage]) -> [UInt8] {
        var text = "switchback data set 1\n"
        for image in images {
            let label = image.label.map { "\($0.utf8.count):\($0)" } ?? "-"
            text += "\(image.sha256) \(label) \(image.name.utf8.count):\(image.name)\n"
        }
        return [UInt8](text.utf8)
    }

    /// About how much memory it takes.
    var byteCount: Int {
        // Three texts of 16 bytes each, the digest elsewhere, and others where they are longer than 15 bytes.
        let elsewhere = { (text: String) in text.utf8.count > 15 ? 48 + text.utf8.count : 0 }
        return images.reduce(1024) { $0 + 48 + 112 + elsewhere($1.name) + elsewhere($1.label ?? "") }
            + broken.reduce(0) { $0 + 32 + elsewhere($1.name) + elsewhere($1.reason) }
    }

    /// Which set, for answers about it.
    public var identity: DatasetIdentity { DatasetIdentity(name: name, sha256: digest, images: images.count) }

    /// Every label that occurs, with the number of its images, in the order of the labels' bytes; images without one are
    /// not counted.
    public var labels: [(label: String, images: Int)] {
        let counts = Dictionary(grouping: images.compactMap(\.label), by: { $0 }).mapValues(\.count)
        return counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { (label: $0.key, images: $0.value) }
    }
}

/// One image of a set.
public struct DatasetImage: Equatable, Hashable, Codable, Sendable {
    /// Its path in the folder or archive, with slashes.
    public let name: String
    /// The digest of its bytes, 64 hexadecimal digits.
    public let sha256: String
    /// What is to be seen in it, as the set says: a class index, a label of a model, or several of them; nil where the
    /// set does not say.
    public let label: String?

    /// An image of these parts.
    public init(name: String, sha256: String, label: String?) {
        self.name = name
        self.sha256 = sha256
        self.label = label
    }
}

/// Something that belongs to a set and cannot be used.
public struct BrokenImage: Equatable, Hashable, Codable, Sendable {
    /// Its path in the folder or archive.
    public let name: String
    /// What is wrong with it.
    public let reason: String

    /// Something broken.
    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// Which set an answer is about.
public struct DatasetIdentity: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// The digest of its manifest, 64 hexadecimal digits.
    public let sha256: String
    /// How many images it has that can be used.
    public let images: Int
}
