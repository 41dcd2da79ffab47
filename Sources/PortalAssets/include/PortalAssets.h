// Files that the portal serves, kept inside of the program.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *bytes;
    size_t count;
} portal_file;

/// Style of every page.
portal_file portal_css(void);
/// The one script: pages work without it.
portal_file portal_js(void);
/// The mark in a browser's tab.
portal_file portal_icon(void);
portal_file portal_upload(void);
