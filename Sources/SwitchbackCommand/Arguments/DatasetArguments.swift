import ArgumentParser
import Foundation
import Switchback

/// A data set on this machine: its folder, and where its labels stand.
struct DatasetArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Labelled images in place of one: a folder.", valueName: "dir"),
        completion: .directory)
    var dataset: String?

    @Option(
        help: ArgumentHelp(
            """
            The images' labels: a CSV file with the columns path and label. Unless told: labels.csv in the folder, else the \
            names of the folders that the images lie in.
            """, valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var labels: String?

    mutating func validate() throws {
        if labels != nil, dataset == nil { throw ValidationError("'--labels' goes with '--dataset'") }
    }
}

/// One image, or a data set.
struct ImageOrDataset: ExplainedSubject {
    let image: ImageArgument?
    private let folder: String?
    private let labels: String?

    /// - Throws: where there is neither, or both.
    init(image path: String?, _ dataset: DatasetArguments) throws {
        switch (path, dataset.dataset) {
        case (nil, nil):
            throw ValidationError("there is nothing to explain: name an image, or a folder with '--dataset'")
        case (.some, .some): throw ValidationError("either one image is explained or a '--dataset', not both")
        case (let path?, nil):
            var argument = ImageArgument()
            argument.path = path
            image = argument
        case (nil, .some): image = nil
        }
        folder = dataset.dataset
        labels = dataset.labels
    }

    var given: [GivenOption] { GivenOption.list([("dataset", folder.map(name))]) }

    func answer(_ request: ExplanationRequest, from engine: ExplanationEngine) throws -> Answer {
        if let image { return try image.answer(request, from: engine) }
        guard let folder else { preconditionFailure("neither an image nor a folder") }
        let resolved = try engine.resolve(request)
        let open = try open(folder, engine)
        for broken in open.dataset.broken { Self.tell("left out: \(broken.name): \(broken.reason)") }
        let bar = ProgressBar(title: request.kind.rawValue)
        defer { bar.clear() }
        return try engine.answer(
            resolved, over: open, progress: { done, total in bar.show(done: done, total: total) })
    }

    private func open(_ folder: String, _ engine: ExplanationEngine) throws -> OpenDataset {
        let bar = ProgressBar(title: "reading")
        defer { bar.clear() }
        // One's own folder may be as large as it is.
        let limits = DatasetLimits(maximumImages: .max, maximumBytes: .max, maximumTableBytes: .max)
        return try DatasetFolder(path: folder, table: labels, limits: limits, images: engine.limits)
            .open(name: name(of: folder)) { done, total in bar.show(done: done, total: total) }
    }

    private func name(of folder: String) -> String {
        URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    }

    /// A note on standard error that cannot be written is no reason to stop.
    private static func tell(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }
}
