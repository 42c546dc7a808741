import Foundation
import Models
import Testing

/// Directories of models.
@Suite struct ModelLibraryTests {
    @Test func listsFoldersWithANetwork() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("b", json: #"{"description": "second", "license": "MIT"}"#)
        try folder.writeModel("folder", json: #"{"name": "a"}"#)
        try folder.write("{}", to: "empty/model.json")
        try folder.write("text", to: "NOTICE.md")
        try folder.writeModel(".hidden")
        let library = try ModelLibrary(directories: [folder.path])
        #expect(library.names == ["a", "b"])
        #expect(library.defaultName == "a")
        #expect(library.summaries.map(\.description) == [nil, "second"])
        #expect(library.summaries.map(\.license) == [nil, "MIT"])
        #expect(try library.model(named: "a").name == "a")
    }

    @Test func takesADirectoryThatIsAModel() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("m")
        let library = try ModelLibrary(directories: [folder.path + "/m"])
        #expect(library.names == ["m"])
        #expect(try library.model().name == "m")
    }

    @Test func prefersTheEmbeddedModelAsDefault() throws {
        let folder = try TemporaryFolder()
        for name in ["a", "squeezenet1.1", "z"] { try folder.writeModel(name) }
        #expect(try ModelLibrary(directories: [folder.path]).defaultName == "squeezenet1.1")
        #expect(try ModelLibrary(directories: [folder.path], defaultName: "z").defaultName == "z")
    }

    @Test func saysWhichModelsThereAre() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("a")
        try folder.writeModel("b")
        let library = try ModelLibrary(directories: [folder.path])
        let error = #expect(throws: ModelsError.unknownModel(name: "c", available: ["a", "b"])) {
            try library.model(named: "c")
        }
        #expect(error?.description == "no model 'c'; there are a, b")
        #expect(throws: ModelsError.unknownModel(name: "c", available: ["a", "b"])) {
            try ModelLibrary(directories: [folder.path], defaultName: "c")
        }
    }

    @Test func theEarlierDirectoryWins() throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        try first.writeModel("m", json: #"{"description": "first"}"#)
        try second.writeModel("m", json: #"{"description": "second"}"#)
        let library = try ModelLibrary(directories: [first.path, second.path])
        #expect(library.summaries.map(\.description) == ["first"])
    }

    @Test func refusesTwoModelsOfOneNameInOneDirectory() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("a")
        try folder.writeModel("b", json: #"{"name": "a"}"#)
        #expect(
            throws: ModelsError.duplicateName(name: "a", paths: [folder.path + "/a", folder.path + "/b"])
        ) { try ModelLibrary(directories: [folder.path]) }
    }

    @Test func refusesDirectoriesWithoutModels() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ModelsError.noModels(directories: [folder.path])) {
            try ModelLibrary(directories: [folder.path])
        }
        #expect(throws: ModelsError.unreadable(path: folder.path + "/x", reason: "no such directory")) {
            try ModelLibrary(directories: [folder.path + "/x"])
        }
    }

    @Test func aBrokenModelLeavesTheOthersAlone() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("a", json: "{")
        try folder.writeModel("b")
        let library = try ModelLibrary(directories: [folder.path])
        #expect(library.names == ["a", "b"])
        #expect(try library.model(named: "b").name == "b")
        for _ in 0..<2 {
            #expect(throws: ModelsError.unreadable(path: folder.path + "/a/model.json", reason: "not JSON")) {
                try library.model(named: "a")
            }
        }
    }

    /// The folder is gone after the first load: a second load would fail.
    @Test func loadsAModelOnce() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("m")
        let library = try ModelLibrary(directories: [folder.path])
        let digest = try library.model(named: "m").digest
        try FileManager.default.removeItem(at: folder.url)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            #expect((try? library.model(named: "m"))?.digest == digest)
        }
    }

    @Test func manyThreadsGetTheSameModel() throws {
        let folder = try TemporaryFolder()
        try folder.writeModel("m")
        let library = try ModelLibrary(directories: [folder.path])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            #expect((try? library.model(named: "m"))?.name == "m")
        }
    }
}
