import Models
import Testing

/// What `model.json` may say.
@Suite struct ModelDescriptionTests {
    private func description(_ json: String) throws(ModelsError) -> ModelDescription {
        try ModelDescription(json: Array(json.utf8), path: "model.json")
    }

    private func error(_ json: String) -> String {
        do {
            _ = try description(json)
            return "nothing thrown"
        } catch {
            return error.description
        }
    }

    private func input(_ members: String) -> String { #"{"input": {"color": "RGB", \#(members)}}"# }

    @Test func readsEveryMember() throws {
        let found = try description(
            #"""
            {"name": "n", "description": "d", "license": "MIT", "labels": "labels.txt", "output": "prob",
             "input": {"resize": {"shorter_side": 256}, "crop": [227, 224], "color": "BGR", "scale": 0.5,
                       "mean": [1, 2, 3], "std": [4, 5, 6.5]}}
            """#)
        #expect(found.name == "n" && found.description == "d" && found.license == "MIT")
        #expect(found.labels == "labels.txt" && found.output == "prob")
        let expected = Preprocessing(
            resize: .shorterSide(256), crop: PixelSize(height: 227, width: 224), color: .bgr, scale: 0.5,
            mean: [1, 2, 3], standardDeviation: [4, 5, 6.5])
        #expect(found.input == expected)
    }

    @Test func everythingMayBeLeftOut() throws {
        let found = try description("{}")
        #expect(found.name == nil && found.labels == nil && found.output == nil && found.input == nil)
        #expect(try description(#"{"labels": null}"#).labels == nil)
    }

    @Test func withoutNumbersPixelsStayAsTheyAre() throws {
        let gray = try description(#"{"input": {"color": "gray"}}"#).input
        let expected = Preprocessing(resize: nil, crop: nil, color: .gray, mean: [0], standardDeviation: [1])
        #expect(gray == expected)
    }

    @Test func namesTheNearestMember() {
        #expect(error(#"{"lables": "x"}"#) == "model.json: unknown member 'lables'; is 'labels' meant?")
        #expect(error(input(#""means": [1, 2, 3]"#)) == "model.json: unknown member 'input.means'; is 'mean' meant?")
        #expect(
            error(input(#""resize": {"shortest_side": 3}"#))
                == "model.json: unknown member 'input.resize.shortest_side'; is 'shorter_side' meant?")
        #expect(
            error(#"{"zzzzzzzzzz": 1}"#)
                == "model.json: unknown member 'zzzzzzzzzz'; known are name, description, license, labels, output, input"
        )
    }

    @Test(
        arguments: [
            (#"{"input": {"mean": [1, 2, 3]}}"#, "'input.color' is missing; expected RGB, BGR, gray"),
            (#"{"input": {"color": "CMYK"}}"#, "'input.color' is 'CMYK'; expected RGB, BGR, gray"),
            (#"{"input": {"color": "RGB", "mean": [1]}}"#, "'input.mean' is [1]; expected a list of 3 numbers"),
            (#"{"input": {"color": "gray", "std": [0]}}"#, "'input.std' is [0]; expected numbers other than 0"),
            (#"{"input": {"color": "RGB", "std": "x"}}"#, "'input.std' is 'x'; expected a list of 3 numbers"),
            (#"{"input": {"color": "RGB", "scale": 0}}"#, "'input.scale' is 0; expected a number other than 0"),
            (#"{"input": {"color": "RGB", "scale": true}}"#, "'input.scale' is true; expected a number"),
            (#"{"input": {"color": "RGB", "scale": 1e300}}"#, "'input.scale' is 1e+300; expected a number"),
            (
                #"{"input": {"color": "RGB", "crop": [227]}}"#,
                "'input.crop' is [227]; expected [height, width], whole numbers from 1 to 65536"
            ),
            (
                #"{"input": {"color": "RGB", "crop": [0, 5.5]}}"#,
                "'input.crop' is [0, 5.5]; expected [height, width], whole numbers from 1 to 65536"
            ),
            (
                #"{"input": {"color": "RGB", "resize": {"shorter_side": 256}}}"#,
                "'input.crop' is missing; expected [height, width], since shorter_side leaves the longer side open"
            ),
            (
                #"{"input": {"color": "RGB", "resize": {"exact": [5, 5]}, "crop": [6, 5]}}"#,
                "'input.crop' is [6, 5]; expected a part of what the resize makes"
            ),
            (
                #"{"input": {"color": "RGB", "resize": {}}}"#,
                "'input.resize' is an object; expected either shorter_side or exact"
            ),
            (#"{"input": []}"#, "'input' is []; expected an object"),
            (#"{"name": 5}"#, "'name' is 5; expected a string"),
            (#"{"name": "a/b"}"#, "'name' is 'a/b'; expected 1 to 100 characters without /, ? and #"),
            (#"{"labels": "../x"}"#, "'labels' is '../x'; expected a file in the model's folder"),
        ])
    func refusesWhatIsNotPossible(_ json: String, _ words: String) {
        #expect(error(json) == "model.json: " + words)
    }

    @Test func refusesWhatIsNoObject() {
        #expect(error("[]") == "model.json: not a JSON object")
        #expect(error("{") == "model.json: not JSON")
        #expect(error("") == "model.json: not JSON")
        #expect(error(String(repeating: "[", count: 100_000)) == "model.json: not JSON")
    }
}
