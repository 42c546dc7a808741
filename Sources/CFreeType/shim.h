/// The part of FreeType that draws glyphs from a font in memory, behind status codes.
#ifndef SWITCHBACK_CFREETYPE_SHIM_H
#define SWITCHBACK_CFREETYPE_SHIM_H

#include <ft2build.h>
#include FT_FREETYPE_H
#include <stdbool.h>
#include <stddef.h>

/// A font at one size.
typedef struct sb_face {
    FT_Library _Nullable library;
    FT_Face _Nullable face;
} sb_face;

/// One glyph, drawn: coverage 0 … 255 of `rows` × `columns` pixels, `pitch` bytes a row, owned by the face until the next
/// glyph is drawn.
typedef struct sb_glyph {
    const unsigned char *_Nullable coverage;
    int rows, columns, pitch;
    /// From the pen to the left edge, and from the baseline up to the top edge.
    int left, top;
    /// To the next pen position, in 64ths of a pixel.
    long advance;
} sb_glyph;

/// Opens a font whose bytes outlive the face. 0, or FreeType's error.
static inline int sb_face_open(const unsigned char *_Nonnull bytes, size_t count, sb_face *_Nonnull result) {
    result->library = NULL;
    result->face = NULL;
    FT_Library library = NULL;
    int error = FT_Init_FreeType(&library);
    if (error) return error;
    FT_Face face = NULL;
    error = FT_New_Memory_Face(library, bytes, (FT_Long)count, 0, &face);
    if (error) {
        FT_Done_FreeType(library);
        return error;
    }
    result->library = library;
    result->face = face;
    return 0;
}

static inline void sb_face_close(sb_face *_Nonnull face) {
    if (face->face) FT_Done_Face(face->face);
    if (face->library) FT_Done_FreeType(face->library);
    face->face = NULL;
    face->library = NULL;
}

/// Draws one character at `size` pixels, without hinting, so that widths do not depend on the version. 0, or an error.
static inline int sb_face_draw(const sb_face *_Nonnull face, unsigned size, unsigned long character,
                               sb_glyph *_Nonnull result) {
    int error = FT_Set_Pixel_Sizes(face->face, 0, size);
    if (error) return error;
    error = FT_Load_Char(face->face, character, FT_LOAD_RENDER | FT_LOAD_NO_HINTING);
    if (error) return error;
    const FT_GlyphSlot slot = face->face->glyph;
    result->coverage = slot->bitmap.buffer;
    result->rows = (int)slot->bitmap.rows;
    result->columns = (int)slot->bitmap.width;
    result->pitch = slot->bitmap.pitch;
    result->left = slot->bitmap_left;
    result->top = slot->bitmap_top;
    result->advance = slot->advance.x;
    return 0;
}

#endif
