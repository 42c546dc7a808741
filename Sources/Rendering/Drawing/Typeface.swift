import CFont
import CFreeType

/// The font of all pictures, opened for one picture.
///
/// Glyphs are drawn without hinting and kept, so that the same text has the same pixels everywhere.
@safe
final class Typeface {
    // SAFETY: two null pointers, until init opens the face; only this object has it.
    private var face = unsafe sb_face()
    private var glyphs: [Key: Glyph] = [:]

    private struct Key: Hashable {
        let character: UInt32
        let size: Int
    }

    /// One character's coverage (0 … 255, row by row) and where it lies from the pen.
    struct Glyph: Sendable {
        let rows: Int, columns: Int
        let coverage: [UInt8]
        let left: Int, top: Int
        /// 64ths of a pixel.
        let advance: Int
    }

    init() {
        // SAFETY: the font's bytes are a constant of the program, so they outlive the face; `face` is this object's own.
        let error = unsafe sb_face_open(sb_font_pointer(), sb_font_size, &face)
        precondition(error == 0, "the built-in font cannot be opened: FreeType error \(error)")
    }

    deinit {
        // SAFETY: nothing else closes the face, and no glyph keeps a pointer into it: their coverage is copied.
        unsafe sb_face_close(&face)
    }

    /// The glyph of `character` at `size` pixels; of a character that the font lacks, its empty box.
    func glyph(_ character: Unicode.Scalar, size: Int) -> Glyph {
        let key = Key(character: character.value, size: size)
        if let known = glyphs[key] { return known }
        let drawn = draw(key)
        glyphs[key] = drawn
        return drawn
    }

    private func draw(_ key: Key) -> Glyph {
        // SAFETY: FreeType owns the coverage until the next glyph is drawn; each row's `columns` bytes lie within it and
        // are copied here. A pitch below zero would mean rows from the bottom up, which this renderer never makes.
        var glyph = unsafe sb_glyph()
        let error = unsafe sb_face_draw(&face, UInt32(key.size), UInt(key.character), &glyph)
        guard error == 0 else { return Glyph(rows: 0, columns: 0, coverage: [], left: 0, top: 0, advance: 0) }
        let (rows, columns, pitch) = unsafe (Int(glyph.rows), Int(glyph.columns), Int(glyph.pitch))
        var coverage: [UInt8] = []
        coverage.reserveCapacity(rows * columns)
        if let bytes = unsafe glyph.coverage {
            for row in 0..<rows {
                for column in 0..<columns { unsafe coverage.append(bytes[row * pitch + column]) }
            }
        }
        return unsafe Glyph(
            rows: rows, columns: columns, coverage: coverage, left: Int(glyph.left), top: Int(glyph.top),
            advance: Int(glyph.advance))
    }
}
