import Concurrency
import Foundation

/// The models of some directories, each loaded once, when it is first asked for.
///
/// Safe to share between threads.
public final class ModelLibrary: Sendable {
    /// What is known of a model before it is loaded.
    public struct Summary: Equatable, Sendable {
        /// The name by which requests ask for it.
        public let name: String
        /// What it is, where its folder says so.
        public let description: String?
        /// The licence of its weights, where its folder says so.
        public let license: String?
        /// Where it lies.
        public let folder: String
    }

    /// The models, sorted by name.
    public let summaries: [Summary]
    /// The model that is used where a request names none.
    public let defaultName: String
    private let loaded: [String: Guarded<Result<Model, ModelsError>?>]

    /// The models in the directories: each folder in them with a network, a directory itself included.
    ///
    /// Nothing is loaded.
    ///
    /// A model is named by its `model.json`, else by its folder. Of two models of one name the one in the earlier
    /// directory is taken; within one directory that is an error. The default is `defaultName`, else `squeezenet1.1`,
    /// else the first by name.
    public init(directories: [String], defaultName: String? = nil) throws(ModelsError) {
        var found: [String: Summary] = [:]
        for directory in directories {
            var here: [String: Summary] = [:]
            for folder in try Self.folders(in: directory) {
                let summary = Self.summary(of: folder)
                if let other = here.updateValue(summary, forKey: summary.name) {
                    throw .duplicateName(name: summary.name, paths: [other.folder, folder])
                }
            }
            found.merge(here) { earlier, _ in earlier }
        }
        summaries = found.values.sorted { $0.name < $1.name }
        guard let first = summaries.first else { throw .noModels(directories: directories) }
        let wanted = defaultName ?? (found["squeezenet1.1"] ?? first).name
        guard found[wanted] != nil else { throw .unknownModel(name: wanted, available: summaries.map(\.name)) }
        self.defaultName = wanted
        loaded = found.mapValues { _ in Guarded(nil) }
    }

    /// The names of the models, sorted.
    public var names: [String] { summaries.map(\.name) }

    /// The model of this name, or the default one; loaded if it is not yet, while others who ask for it wait.
    ///
    /// A model that cannot be loaded stays so until the library is made anew: the same error comes each time.
    public func model(named name: String? = nil) throws(ModelsError) -> Model {
        let wanted = name ?? defaultName
        guard let entry = loaded[wanted], let summary = summaries.first(where: { $0.name == wanted }) else {
            throw .unknownModel(name: wanted, available: names)
        }
        let result = entry.withLock { state in
            if let result = state { return result }
            let result = Result { () throws(ModelsError) in try Model.load(from: summary.folder) }
            state = result
            return result
        }
        return try result.get()
    }

    /// The folders with a network in them: the directory itself, and those in it.
    private static func folders(in directory: String) throws(ModelsError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw .unreadable(path: directory, reason: "no such directory")
        }
        let inside = names.sorted().filter { !$0.hasPrefix(".") }
            .map { URL(fileURLWithPath: directory).appendingPathComponent($0).path }
        return ([directory] + inside).filter { ModelFolder(path: $0).has(Model.networkFile) }
    }

    /// A description that cannot be read leaves the folder's name; the model says what is wrong when it is loaded.
    private static func summary(of folder: String) -> Summary {
        let files = ModelFolder(path: folder)
        let path = files.path(of: Model.descriptionFile)
        let description = (try? files.descriptionBytes()).flatMap { $0 }
            .flatMap { try? ModelDescription(json: $0, path: path) }
        return Summary(
            name: description?.name ?? files.name, description: description?.description,
            license: description?.license, folder: folder)
    }
}
