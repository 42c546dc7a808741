internal import Blobs
internal import Concurrency
internal import Explainers
internal import Imaging
internal import Kernels
internal import Models
internal import Networks
internal import Tensors

/// Images seen a moment ago, prepared, and the passes over them: whoever clicks through feature maps waits for the
/// projections alone.
///
/// They change no answer. Those used least recently make way.
final class SeenImages: Sendable {
    /// An image as one model takes it.
    struct Key: Hashable, Sendable {
        /// All that the model is made of: preprocessing is part of it.
        let modelContentDigest: String
        let imageSHA256: String
        /// An array is the network's input itself, whatever a picture of the same bytes would be.
        let isArray: Bool

        init(_ model: Model, _ image: ImageInput, sha256: String) {
            modelContentDigest = model.contentDigest.hex
            imageSHA256 = sha256
            if case .npy = image { isArray = true } else { isArray = false }
        }
    }

    private enum Part: Hashable { case image, pass }

    private struct Place: Hashable {
        let key: Key
        let part: Part
    }

    private enum Seen: Sendable {
        case image(PreparedImage)
        case pass(ForwardTrace)
    }

    private let cache: BoundedCache<Place, Seen>

    /// Nothing seen yet; images and passes will take at most so many bytes together.
    init(byteLimit: Int) { cache = BoundedCache(byteLimit: byteLimit) }

    var statistics: CacheStatistics { CacheStatistics(cache.statistics) }

    /// The prepared image, made by `prepare` unless it is there.
    func image(_ key: Key, prepare: () throws -> PreparedImage) rethrows -> PreparedImage {
        if case .image(let image)? = cache.value(for: Place(key: key, part: .image)) { return image }
        let image = try prepare()
        let frame = image.input.frame.map { $0.height * $0.width * 3 } ?? 0
        cache.keep(
            .image(image), for: Place(key: key, part: .image), bytes: 4 * image.input.tensor.shape.count + frame)
        return image
    }

    /// Where explainers get the pass over that image from.
    func passes(_ key: Key) -> any PassSource { Passes(seen: self, key: key) }

    private struct Passes: PassSource {
        let seen: SeenImages
        let key: Key

        var kept: ForwardTrace? {
            guard case .pass(let trace)? = seen.cache.value(for: Place(key: key, part: .pass)) else { return nil }
            return trace
        }

        func trace(
            _ network: Network, _ input: Tensor, upTo layer: Layer?, from begun: ForwardTrace?, _ context: KernelContext
        ) throws(NetworksError) -> ForwardTrace {
            // Whoever has begun has looked for it.
            let begun = begun ?? kept
            if let begun, layer.map(begun.reaches) ?? begun.isWhole { return begun }
            let trace = try ForwardPass.trace(network, input, upTo: layer, from: begun, context: context)
            seen.cache.keep(
                .pass(trace), for: Place(key: key, part: .pass),
                bytes: layer.map { network.traceBytes(upTo: $0) } ?? network.traceBytes)
            return trace
        }
    }
}
