/// The font of Switchback's pictures: DejaVu Sans, cut down to the characters they use, as a TrueType file in memory.
#ifndef SWITCHBACK_CFONT_H
#define SWITCHBACK_CFONT_H

#include <stddef.h>

extern const size_t sb_font_size;
extern const unsigned char sb_font_bytes[];

/// The first byte.
static inline const unsigned char *_Nonnull sb_font_pointer(void) { return sb_font_bytes; }

#endif
