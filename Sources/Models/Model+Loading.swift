import Blobs
import Foundation
import Networks
public import ONNX
import Tensors

extension Model {
    /// What a folder of a model is made of.
    static let networkFile = "model.onnx"
    static let descriptionFile = "model.json"

    /// The model in a folder: `model.onnx`, and beside it `model.json` and the labels it names, where they are there.
    ///
    /// Its name is the one in `model.json`, else the folder's. Costs reading and packing the weights.
    public static func load(
        from folder: String, limits: ONNXLimits = ONNXLimits()
    ) throws(ModelsError) -> Model {
        let files = ModelFolder(path: folder)
        let json = try files.descriptionBytes()
        let description = try json.map { (bytes) throws(ModelsError) in
            try ModelDescription(json: bytes, path: files.path(of: descriptionFile))
        }
        let bytes = try files.bytes(of: networkFile, atMost: limits.maximumFileBytes)
        let (network, externalFiles) = try network(in: bytes, files, description, limits)
        let labels = try description?.labels.map { (name) throws(ModelsError) in
            try files.labels(in: name, classes: network.classes)
        }
        try check(description?.input, network, files)
        let digest = Digest.sha256(of: bytes)
        return Model(
            name: description?.name ?? files.name, description: description?.description,
            license: description?.license, network: network, labels: labels, preprocessing: description?.input,
            digest: digest,
            contentDigest: try contentDigest(digest, json, labels, externalFiles, files))
    }

    private static func network(
        in bytes: [UInt8], _ files: ModelFolder, _ description: ModelDescription?, _ limits: ONNXLimits
    ) throws(ModelsError) -> (Network, externalFiles: [String]) {
        let path = files.path(of: networkFile)
        let size = description?.input?.preparedSize
        let options = ONNXImportOptions(
            output: description?.output, inputSize: size.map { .init(height: $0.height, width: $0.width) },
            externalDataFolder: files.path, limits: limits)
        let model: ONNXModel
        do {
            model = try ONNXImporter.model(from: bytes, options: options)
        } catch {
            throw .onnx(path: path, error)
        }
        do {
            return (try Network(model.graph), model.externalFiles)
        } catch {
            throw .network(path: path, error)
        }
    }

    /// The preprocessing must make what the network takes.
    private static func check(
        _ input: Preprocessing?, _ network: Network, _ files: ModelFolder
    ) throws(ModelsError) {
        guard let input else { return }
        let shape = network.inputShape
        let size = input.preparedSize ?? PixelSize(height: shape[1], width: shape[2])
        guard [input.channels, size.height, size.width] == shape.dimensions else {
            throw .preprocessingMismatch(
                path: files.path(of: descriptionFile), prepared: "[\(input.channels), \(size.height), \(size.width)]",
                network: shape)
        }
    }

    private static func contentDigest(
        _ digest: Digest, _ json: [UInt8]?, _ labels: [String]?, _ externalFiles: [String], _ files: ModelFolder
    ) throws(ModelsError) -> Digest {
        if json == nil, externalFiles.isEmpty { return digest }
        var hasher = DigestHasher()
        hasher.update(digest.bytes)
        hasher.update(Digest.sha256(of: json ?? []).bytes)
        hasher.update(Digest.sha256(of: Array((labels ?? []).joined(separator: "\n").utf8)).bytes)
        for path in externalFiles {
            hasher.update(try files.digest(ofFileAt: path).bytes)
        }
        return hasher.finish()
    }
}
