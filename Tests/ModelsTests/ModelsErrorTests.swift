import Models
import Networks
import ONNX
import Testing

/// The words for people; those not here stand beside what throws them.
@Suite struct ModelsErrorTests {
    @Test(
        arguments: [
            (ModelsError.unreadable(path: "m/model.json", reason: "not JSON"), "m/model.json: not JSON"),
            (.fileTooLarge(path: "m/model.onnx", bytes: 9, allowed: 8), "m/model.onnx: 9 bytes; at most 8 are read"),
            (.labelCount(path: "l.txt", labels: 3, classes: 4), "l.txt: 3 labels for 4 classes"),
            (
                .onnx(path: "m/model.onnx", .malformed(reason: "there is no graph in it")),
                "m/model.onnx: not an ONNX model: there is no graph in it"
            ),
            (
                .network(path: "m/model.onnx", .noClassifier),
                "m/model.onnx: \(NetworksError.noClassifier)"
            ),
            (.duplicateName(name: "m", paths: ["a", "b"]), "two models are called 'm': a, b"),
            (.noModels(directories: ["a", "b"]), "no model (a folder with model.onnx in it) in a, b"),
            (
                .imageSize(height: 2, width: 3, expected: "at least 4 and 5"),
                "an image of 2 rows and 3 columns; expected at least 4 and 5"
            ),
        ])
    func saysWhatWasFoundAndWhatIsPossible(_ error: ModelsError, _ words: String) {
        #expect(error.description == words)
    }
}
