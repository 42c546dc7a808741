import Foundation

/// What `model.json` says: the model's name and where its labels are, and how pictures become the network's input.
public struct ModelDescription: Equatable, Sendable {
    /// The name by which requests ask for the model.
    public var name: String?
    /// What the model is, in a sentence.
    public var description: String?
    /// The licence of the weights, as SPDX writes it.
    public var license: String?
    /// The file of labels in the model's folder, one a line in the order of the classes.
    public var labels: String?
    /// The output of the graph that holds the classes, logits or their softmax; the first where absent.
    public var output: String?
    /// How pictures are prepared; where absent, only arrays are taken.
    public var input: Preprocessing?

    /// Reads a description.
    ///
    /// Unknown members are refused, with the known one that comes nearest. `path` is what errors call the file.
    public init(json bytes: [UInt8], path: String) throws(ModelsError) {
        let members = try JSONMembers(
            bytes, path: path, known: ["name", "description", "license", "labels", "output", "input"])
        name = try members.string("name")
        description = try members.string("description")
        license = try members.string("license")
        labels = try members.string("labels")
        output = try members.string("output")
        input = try members.object("input", known: Preprocessing.members).map {
            (members) throws(ModelsError) in try Preprocessing(members)
        }
        if let name, name.isEmpty || name.count > 100 || name.contains(where: { "/?#".contains($0) || $0.isNewline }) {
            throw .invalidMember(
                path: path, member: "name", found: "'\(name.prefix(100))'",
                expected: "1 to 100 characters without /, ? and #")
        }
        if let labels, labels.isEmpty || labels.hasPrefix("/") || labels.split(separator: "/").contains("..") {
            throw .invalidMember(
                path: path, member: "labels", found: "'\(labels)'", expected: "a file in the model's folder")
        }
    }
}
