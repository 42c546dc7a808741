import Blobs
import Imaging
import Models
import Tensors
import TestSupport
import Testing

/// One model folder: what is in it, and what it refuses.
@Suite struct ModelTests {
    private let input = #""input": {"resize": {"exact": [28, 28]}, "color": "RGB"}"#
    private let labels = "crane\ntabby, tabby cat\nEgyptian cat\nCrane, whooper\n"

    private func model(json: String? = nil, labels: String? = nil) throws -> Model {
        let folder = try TemporaryFolder()
        try folder.writeModel("m", json: json, labels: labels)
        return try Model.load(from: folder.path + "/m")
    }

    private func error(json: String? = nil, labels: String? = nil) -> ModelsError? {
        #expect(throws: ModelsError.self) { try model(json: json, labels: labels) }
    }

    @Test func withoutADescriptionItTakesArraysAlone() throws {
        let model = try model()
        #expect(model.name == "m" && model.labels == nil && model.preprocessing == nil)
        #expect(model.label(of: 0) == nil)
        #expect(model.contentDigest == model.digest)
        #expect(model.digest == Digest.sha256(of: try Fixtures.bytes("reference/cases/ties/model.onnx")))
        let image = Image(width: 28, height: 28, color: (red: 0, green: 0, blue: 0))
        let error = #expect(throws: ModelsError.imageRefused(model: "m")) { try model.prepare(image) }
        #expect(
            error?.description
                == "model 'm' has no preprocessing (model.json with 'input'): it takes NPY arrays, no images")
    }

    @Test func takesArraysWithAndWithoutABatchAxis() throws {
        let model = try model()
        let array = randomTensor(shape: [3, 28, 28], seed: 1)
        #expect(try model.prepare(array) == PreparedInput(tensor: array, frame: nil))
        #expect(try model.prepare(array.reshaped(to: [1, 3, 28, 28])).tensor == array)
        let error = #expect(throws: ModelsError.inputShape(expected: [3, 28, 28], actual: [28, 28, 3])) {
            try model.prepare(array.reshaped(to: [28, 28, 3]))
        }
        #expect(error?.description == "an input of shape [28, 28, 3]; expected [3, 28, 28] or [1, 3, 28, 28]")
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func namesTheFirstValueThatIsNotFinite(_ value: Float) throws {
        let model = try model()
        var array = Tensor(shape: [3, 28, 28])
        array[2, 5, 7] = value
        array[2, 6, 1] = value
        let error = #expect(throws: ModelsError.inputNotFinite(position: [2, 5, 7])) { try model.prepare(array) }
        #expect(error?.description == "the input is NaN or infinite at [2, 5, 7]; expected finite numbers")
    }

    @Test func findsClassesByIndexLabelAndName() throws {
        let model = try model(json: #"{"labels": "labels.txt"}"#, labels: labels)
        #expect(try model.classIndex(named: "3") == 3)
        #expect(try model.classIndex(named: "Egyptian cat") == 2)
        #expect(try model.classIndex(named: "egyptian CAT") == 2)
        #expect(try model.classIndex(named: "tabby") == 1)
        #expect(try model.classIndex(named: "tabby cat") == 1)
        #expect(try model.classIndex(named: "crane") == 0)
        #expect(try model.classIndex(named: "whooper") == 3)
        #expect(model.label(of: 1) == "tabby, tabby cat")
    }

    @Test func saysWhichClassesAnAmbiguousNameHas() throws {
        let model = try model(json: #"{"labels": "labels.txt"}"#, labels: "crane\ncrane\ncrane, bird\nx\n")
        let error = #expect(throws: ModelsError.ambiguousClass(text: "crane", candidates: [0, 1])) {
            try model.classIndex(named: "crane")
        }
        #expect(error?.description == "'crane' names the classes 0, 1; give the index")
    }

    @Test(arguments: ["4", "-1", "", "dog", "1.0"]) func refusesClassesThatAreNotThere(_ text: String) throws {
        let labelled = try model(json: #"{"labels": "labels.txt"}"#, labels: labels)
        let error = #expect(throws: ModelsError.unknownClass(text: text, classes: 4, hasLabels: true)) {
            try labelled.classIndex(named: text)
        }
        #expect(error?.description == "no class '\(text)'; expected an index from 0 to 3 or a label")
        let bare = try model()
        #expect(throws: ModelsError.unknownClass(text: text, classes: 4, hasLabels: false)) {
            try bare.classIndex(named: text)
        }
    }

    @Test func readsLabelsFromWindows() throws {
        let model = try model(json: #"{"labels": "labels.txt"}"#, labels: "\u{FEFF}a\r\nb\r\nc\r\nd\r\n")
        #expect(model.labels == ["a", "b", "c", "d"])
    }

    @Test func refusesLabelsThatDoNotFit() {
        guard case .labelCount(_, 3, 4) = error(json: #"{"labels": "labels.txt"}"#, labels: "a\nb\nc\n") else {
            Issue.record("three labels taken")
            return
        }
        #expect(
            error(json: #"{"labels": "labels.txt"}"#, labels: "a\n\nc\nd\n")?.description
                .hasSuffix("labels.txt: line 2 is empty; expected a label a line") == true)
        #expect(error(json: #"{"labels": "labels.txt"}"#)?.description.hasSuffix("labels.txt: no such file") == true)
    }

    @Test func refusesPreprocessingForAnotherNetwork() {
        let words = error(json: #"{"input": {"resize": {"exact": [32, 28]}, "color": "RGB"}}"#)?.description
        #expect(
            words?.hasSuffix("model.json: the input prepared is [3, 32, 28], the network takes [3, 28, 28]") == true)
        let gray = error(json: #"{"input": {"resize": {"exact": [28, 28]}, "color": "gray"}}"#)?.description
        #expect(gray?.contains("the input prepared is [1, 28, 28]") == true)
    }

    @Test func namesTheOutputsOfTheFile() {
        let words = error(json: #"{"output": "logits"}"#)?.description
        #expect(words?.hasSuffix("model.onnx: no output 'logits'; this file has probabilities") == true)
    }

    @Test func contentDigestFollowsEverythingThatAnswersDependOn() throws {
        let plain = try model(json: "{\(input)}")
        let named = try model(json: #"{\#(input), "labels": "labels.txt"}"#, labels: labels)
        let renamed = try model(json: #"{\#(input), "labels": "labels.txt"}"#, labels: labels.uppercased())
        let again = try model(json: #"{\#(input), "labels": "labels.txt"}"#, labels: labels)
        #expect(Set([plain, named, renamed].map(\.contentDigest)).count == 3)
        #expect(Set([plain, named, renamed].map(\.digest)).count == 1)
        #expect(named.contentDigest == again.contentDigest)
    }

    @Test func withoutAResizePicturesMustFit() throws {
        let model = try model(json: #"{"input": {"color": "RGB"}}"#)
        let right = Image(width: 28, height: 28, color: (red: 1, green: 2, blue: 3))
        #expect(try model.prepare(right).frame == right)
        #expect(throws: ModelsError.imageSize(height: 28, width: 29, expected: "28 and 28")) {
            try model.prepare(Image(width: 29, height: 28, color: (red: 1, green: 2, blue: 3)))
        }
    }
}
