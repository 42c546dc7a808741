package import Blobs
internal import Foundation
internal import Synchronization

/// The images that were posted, each under the digest of its bytes, so that a link can name it.
///
/// Safe to share between threads; every call may block.
public final class ImageStore: Sendable {
    private let blobs: any BlobStore
    private let pruning: BlobPruning
    private let imageLimits: EngineLimits
    private let found = Atomic<Int>(0)
    private let missing = Atomic<Int>(0)

    /// Images in the memory of this process, gone with it.
    ///
    /// - Parameter images: the largest image that is taken.
    public convenience init(limits: ImageStoreLimits = ImageStoreLimits(), images: EngineLimits = EngineLimits()) {
        self.init(blobs: MemoryBlobStore(limits: BlobLimits(limits)), images: images)
    }

    /// Images in a directory, which is made unless it is there, and where they are found again after a restart.
    ///
    /// - Throws: `SwitchbackError.brokenStore` with what is wrong with the directory.
    public convenience init(
        directory: String, limits: ImageStoreLimits = ImageStoreLimits(), images: EngineLimits = EngineLimits()
    ) throws {
        try self.init(limits: limits, images: images) { limits in
            try DirectoryBlobStore(directory: directory, limits: limits)
        }
    }

    /// Images in the store that `make` makes for these limits, one that several machines share for example.
    ///
    /// - Throws: `SwitchbackError.brokenStore` with what is wrong with it.
    package convenience init(
        limits: ImageStoreLimits = ImageStoreLimits(), images: EngineLimits = EngineLimits(),
        in make: (BlobLimits) throws -> any BlobStore
    ) throws {
        do {
            self.init(blobs: try make(BlobLimits(limits)), images: images)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    package init(blobs: any BlobStore, images: EngineLimits = EngineLimits()) {
        self.blobs = blobs
        pruning = BlobPruning(blobs)
        imageLimits = images
    }

    /// Keeps an image once it is known to be one: a picture is decoded, an array read.
    ///
    /// - Returns: what is kept, and whether it was not kept before.
    /// - Throws: `SwitchbackError.badImage`, or `noRoom` where it does not fit.
    public func store(_ image: ImageInput) throws -> (image: StoredImage, isNew: Bool) {
        do {
            let stored = try StoredImage(image, limits: imageLimits)
            return (stored, try blobs.put(image.bytes).isNew)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Whether there is an image with that digest.
    public func contains(_ sha256: String) throws -> Bool {
        guard let digest = Digest(hex: sha256) else { return false }
        do {
            return try blobs.contains(digest)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Looks for the image that somebody asks for, which counts in ``lookups``.
    ///
    /// - Throws: `SwitchbackError.noImage` where there is none with that digest.
    public func require(_ sha256: String) throws {
        guard try contains(sha256) else {
            missing.wrappingAdd(1, ordering: .relaxed)
            throw SwitchbackError.noImage(sha256: sha256)
        }
        found.wrappingAdd(1, ordering: .relaxed)
    }

    /// How many images that were asked for were there, and how many were not.
    public var lookups: (found: Int, missing: Int) {
        (found.load(ordering: .relaxed), missing.load(ordering: .relaxed))
    }

    /// The image with that digest, just as it was sent; it counts as used now.
    ///
    /// - Throws: `SwitchbackError.noImage` where there is none.
    public func image(_ sha256: String) throws -> ImageInput {
        do {
            guard let digest = Digest(hex: sha256), let bytes = try blobs.get(digest) else {
                throw SwitchbackError.noImage(sha256: sha256)
            }
            return ImageInput(recognizing: bytes)
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Removes the image with that digest.
    ///
    /// - Throws: `SwitchbackError.noImage` where there is none.
    public func remove(_ sha256: String) throws {
        do {
            guard let digest = Digest(hex: sha256), try blobs.remove(digest) else {
                throw SwitchbackError.noImage(sha256: sha256)
            }
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// The bytes of all images together.
    public var byteCount: Int { (try? blobs.total().bytes) ?? 0 }
}

extension BlobLimits {
    fileprivate init(_ limits: ImageStoreLimits) {
        self.init(maximumBytes: limits.maximumBytes, maximumAge: limits.maximumAge)
    }
}
